/** @packageDocumentation The library `memagent`: all of `@memagent/core`, and what the program does for its memory. */
export * from '@memagent/core';
export { tuneHeap } from './tune-heap.ts';
