import type { Context, Env } from 'hono';

/** What the middleware knows of a request. */
export interface ServerEnv extends Env {
  Variables: {
    /** Stands for the key that was sent, or for everyone where none is needed. Never the key itself. */
    caller: string;
  };
}

export type ServerContext = Context<ServerEnv>;
