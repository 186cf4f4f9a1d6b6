/** @packageDocumentation Tools for tests of programs that use memagent: all of `@memagent/core/testing`. */
export * from '@memagent/core/testing';
