/** What can go wrong with one request. */
export type Fault =
  /** An answer with this status instead of the server's; the server does not see the request. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection breaks before the server sees the request. */
  | { readonly kind: 'reset' }
  /** The server does the request, and its answer is lost. */
  | { readonly kind: 'lost-answer' }
  /** Nothing ever comes back. */
  | { readonly kind: 'hang' };

/** One request that was made, in the order in which they were. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A `fetch` with faults: the nth request to a path that ends so meets the nth fault of the list. */
export function createFaultyFetch(
  fetch: (request: Request) => Response | Promise<Response>,
  faults: Readonly<Record<string, readonly (Fault | undefined)[]>> = {},
): { readonly fetch: typeof globalThis.fetch; readonly seen: readonly SeenRequest[] } {
  const left = new Map(Object.entries(faults).map(([path, list]) => [path, [...list]]));
  const seen: SeenRequest[] = [];
  return {
    seen,
    async fetch(input, init) {
      const request = new Request(input as string, init);
      const { pathname } = new URL(request.url);
      const body = new Uint8Array(await request.clone().arrayBuffer());
      seen.push({ method: request.method, path: pathname, headers: request.headers, body });
      const fault = [...left].find(([path]) => pathname.endsWith(path))?.[1].shift();
      switch (fault?.kind) {
        case undefined:
          return respond(fetch, request);
        case 'status':
          return new Response(fault.body ?? '{"detail":"a fault"}', {
            status: fault.status,
            headers: { 'content-type': 'application/json', ...fault.headers },
          });
        case 'reset':
          throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
        case 'lost-answer':
          await fetch(request);
          throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
        case 'hang':
          return aborted(request.signal);
        default:
          return fault satisfies never;
      }
    },
  };
}

async function respond(
  fetch: (request: Request) => Response | Promise<Response>,
  request: Request,
): Promise<Response> {
  request.signal.throwIfAborted();
  return fetch(request);
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
