import { Agent, fetch as undiciFetch } from 'undici';

/**
 * A `fetch` that waits as long as it is told to: Node's own gives up when a server sends nothing for 300 s,
 * which a large prompt takes on a slow machine. Time-outs are the caller's, by signal.
 */
export function createPatientFetch(): typeof fetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  // undici's types of requests and replies are those of an own copy of the same standard.
  return ((input: never, init: object | undefined) =>
    undiciFetch(input, { ...init, dispatcher })) as unknown as typeof fetch;
}
