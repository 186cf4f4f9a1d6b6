import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import type { ServerConfig } from '../service/server-config.ts';
import { ask, type Connection } from './connection.ts';
import { postJson, type HttpRequest } from './http-request.ts';
import { readJson } from './read-answer.ts';
import type { Send } from './transport.ts';

type Key = string | (() => string | Promise<string>) | undefined;

const keyHeader = 'X-API-Key';

/** Adds the key to each request. */
export const withKey = (send: Send, key: Key): Send =>
  key === undefined
    ? send
    : async (request) => {
        const value = await readKey(key);
        // A token that a request already carries takes the place of the key.
        return send({ ...request, headers: { [keyHeader]: value, ...request.headers } });
      };

async function readKey(key: NonNullable<Key>): Promise<string> {
  try {
    return typeof key === 'string' ? key : await key();
  } catch (cause) {
    throw new TinkerError('unauthorized', 'The function apiKey gave no key; see the cause.', { cause });
  }
}

/**
 * Exchanges the key for a token where the server asks for it, and renews the token after half its life, or
 * when the server no longer takes it. `keyed` sends with the key itself.
 */
export function withToken(keyed: Connection, config: (signal?: AbortSignal) => Promise<ServerConfig>): Send {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;
  const fetchOnce = async () => {
    try {
      return (token = await fetchToken(keyed));
    } finally {
      fetching = undefined;
    }
  };
  const fresh = async () => (token && keyed.clock.now() < token.renewAt ? token : (fetching ??= fetchOnce()));
  const sendWith = async (request: HttpRequest) =>
    keyed.send({ ...request, headers: { ...request.headers, [keyHeader]: (await fresh()).value } });
  return async (request) => {
    if (!(await config(request.signal)).tokenAuth) return keyed.send(request);
    const answer = await sendWith(request);
    if (answer.status !== 401 || !answer.headers.get('www-authenticate')?.includes('invalid_token'))
      return answer;
    token = undefined;
    return sendWith(request);
  };
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

const claims = z.object({ iat: z.number(), exp: z.number() });

async function fetchToken(keyed: Connection): Promise<Token> {
  const request = { ...postJson('auth_token', {}), path: '/api/v1/auth/token' };
  const { jwt } = readJson('auth_token', await ask(keyed, request), z.object({ jwt: z.string() }));
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
  const { iat, exp } = claims.parse(JSON.parse(payload));
  // Both times are the server's, so a wrong clock here does not matter.
  return { value: jwt, renewAt: keyed.clock.now() + ((exp - iat) * 1000) / 2 };
}
