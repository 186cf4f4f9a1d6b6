/** @packageDocumentation The HTTP server: OpenAI's interfaces over the reading agent, and an interface to runs. */
export { createServerApp, type ServerApp } from './server/create-server-app.ts';
export { type RunningServer, startServer, type StartOptions } from './server/start-server.ts';
export type { ServerLimits, ServerOptions } from './server/server-options.ts';
export type { ServerEnv } from './http/server-env.ts';
export { builtInModels, type ServedModel, type Upstream } from './models/served-model.ts';
export type { Sample } from './documents/document-input.ts';
