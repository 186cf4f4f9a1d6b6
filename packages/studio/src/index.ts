/** @packageDocumentation The studio: a page on which people ask, watch the memory change, and check the answer. */
export { createStudioPages, type StudioOptions } from './create-studio-pages.ts';
export { findPage, preparePage } from './prepare-page.ts';
