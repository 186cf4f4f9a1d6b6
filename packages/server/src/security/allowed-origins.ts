import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { RequestError } from '../http/server-error.ts';

/**
 * Lets pages of other origins read replies only where their origin was named, such as `https://app.example.org`.
 * Requests of other pages are refused as a whole, since one that only writes does its harm unread.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...origins],
    allowHeaders: ['authorization', 'content-type', 'x-api-key', 'last-event-id'],
    exposeHeaders: ['location', 'x-request-id', 'x-memagent-run', 'x-memagent-rule'],
    maxAge: 600,
  });
  return async (context, next) => {
    const origin = context.req.header('origin');
    if (origin === undefined || isOwn(origin, context.req.header('host'))) return next();
    if (origins.includes(origin)) return allow(context, next);
    throw new RequestError(
      403,
      'origin_not_allowed',
      `Pages of ${JSON.stringify(origin.slice(0, 200))} may not use this server. Have it started with that origin allowed.`,
    );
  };
}

/** Browsers send the origin of a page along with its requests to its own server, too. */
function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
