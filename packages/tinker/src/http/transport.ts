import { TinkerError } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { isZstd, zstdDecompress } from '../wire/zstd.ts';

/** Sends a request once and reads the answer. Rejects where there is none; an abort with its own reason. */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** How long an answer may take if a request does not say. */
export const defaultTimeoutMs = 60_000;

/** A `Send` over `fetch`. */
export function createTransport(
  baseUrl: string,
  {
    fetch,
    headers,
  }: { readonly fetch: typeof globalThis.fetch; readonly headers: Readonly<Record<string, string>> },
): Send {
  const root = checkBaseUrl(baseUrl);
  return async ({ method, path, headers: own, body, signal, timeoutMs = defaultTimeoutMs }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(root + path, {
        method,
        headers: { Accept: 'application/json', ...headers, ...own },
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
      });
      const received = new Uint8Array(await response.arrayBuffer());
      const plain = isZstd(received) ? await zstdDecompress(received) : received;
      return { status: response.status, headers: response.headers, body: plain };
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}

function checkBaseUrl(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new TinkerError(
      'bad-input',
      `baseUrl is ${JSON.stringify(baseUrl)}; give the address of a server, as http://localhost:8000`,
    );
  return baseUrl.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
