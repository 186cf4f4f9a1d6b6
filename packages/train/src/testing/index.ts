/** @packageDocumentation Tools for tests and first tries of policies of one's own. */
export { createLinearBackend, type Features, type LinearBackendOptions } from './linear-backend.ts';
