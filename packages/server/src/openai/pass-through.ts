/** Hands a request on to the model's own server, and its reply back, as they come. */
import { messageOf, processLimits } from '@memagent/core';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { RequestError } from '../http/server-error.ts';
import type { ServedModel, Upstream } from '../models/served-model.ts';
import type { Redact } from '../security/redact.ts';

export interface PassThroughOptions {
  model: ServedModel & { upstream: Upstream };
  path: '/chat/completions' | '/responses';
  /** Becomes the body, under the model's own name. */
  request: { [key: string]: unknown };
  /** For the limits on what goes out. */
  tokens: number;
  signal: AbortSignal;
  redact: Redact;
}

const mostErrorLength = 64 * 1024;

/**
 * Asks the model's server. A reply of success is handed on as it is; an error has keys blackened, and one that is
 * about this server's own key becomes a 502. Throws a `RequestError` 502 where the server cannot be reached.
 */
export async function passThrough(options: PassThroughOptions): Promise<Response> {
  const { model, path, request, tokens, signal, redact } = options;
  const { baseUrl, apiKey, fetch: ask = fetch } = model.upstream;
  const limits = model.session?.limits ?? processLimits;
  const body = JSON.stringify({ ...request, model: model.upstream.model });
  const response = await limits.run(
    () =>
      ask(`${baseUrl}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body,
        signal,
      }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new RequestError(
          502,
          'upstream_unreachable',
          `The model's server cannot be reached: ${messageOf(error)}.`,
          {
            cause: error,
          },
        );
      }),
    { tokens, signal },
  );
  if (response.ok) return withHeaders(response.body, response);
  const text = redact((await response.text()).slice(0, mostErrorLength));
  if (response.status === 401 || response.status === 403) {
    throw new RequestError(
      502,
      'upstream_refused',
      `The model's server refuses the key of this one (HTTP ${response.status}).`,
    );
  }
  return withHeaders(text, response);
}

const handedOn = ['content-type', 'retry-after', 'retry-after-ms', 'x-request-id'];

function withHeaders(
  body: ReadableStream<Uint8Array> | string | null,
  { status, headers }: Response,
): Response {
  const kept = handedOn.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Response(body, {
    status: status as ContentfulStatusCode,
    headers: [...kept, ['x-memagent-rule', 'pass-through']],
  });
}
