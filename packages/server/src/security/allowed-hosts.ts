import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../http/server-error.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests whose Host is not one that the server is called by. A page of another site that has its own name
 * point to this machine (DNS rebinding) sends that name. Names are without a port; `*` allows all.
 */
export function requireHost(names: readonly string[]): MiddlewareHandler {
  const allowed = new Set([...loopbackNames, ...names].map((name) => name.toLowerCase()));
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    const name = host.replace(/:\d+$/, '').toLowerCase();
    if (allowed.has('*') || allowed.has(name)) return next();
    throw new RequestError(
      403,
      'host_not_allowed',
      `This server is not called ${JSON.stringify(host.slice(0, 200))}. Have it started with that name allowed.`,
    );
  };
}
