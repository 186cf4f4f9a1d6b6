/** @packageDocumentation The library `memagent`: all of `@memagent/core`. */
export * from '@memagent/core';
