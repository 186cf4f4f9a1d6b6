import { MemagentError } from '@memagent/core';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../http/server-error.ts';
import type { ServerEnv } from '../http/server-env.ts';

/** Shorter keys are guessed. */
const leastKeyLength = 16;

/**
 * Lets a request pass that carries one of the keys, as `Authorization: Bearer` or `X-API-Key`. How long the check
 * takes says nothing about the keys: digests of equal length are compared, each with all of them. Without keys,
 * everyone is served, as one caller. Throws `invalid-option` for a key that is too short.
 */
export function requireApiKey(keys: readonly string[]): MiddlewareHandler<ServerEnv> {
  const short = keys.find((key) => key.length < leastKeyLength);
  if (short !== undefined) {
    throw new MemagentError(
      `An API key has ${short.length} characters; give one of at least ${leastKeyLength}.`,
      { code: 'invalid-option', data: { option: 'apiKeys' } },
    );
  }
  const digests = keys.map(digestOf);
  return async (context, next) => {
    if (digests.length === 0) {
      context.set('caller', 'everyone');
      return next();
    }
    const bearer = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const given = digestOf(bearer ?? context.req.header('x-api-key') ?? '');
    let caller: number | undefined;
    for (const [index, digest] of digests.entries()) {
      if (timingSafeEqual(digest, given)) caller = index;
    }
    if (caller === undefined) {
      throw new RequestError(
        401,
        'invalid_api_key',
        'The API key is missing or wrong. Send it as Authorization: Bearer KEY.',
      );
    }
    context.set('caller', `key ${caller + 1}`);
    return next();
  };
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
