/** One question to the server. */
export interface HttpRequest {
  /** What messages call it, as `forward_backward`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After the base URL, as `/api/v1/healthz`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** An address elsewhere is an answer, as for downloads. */
  readonly mayRedirect?: boolean;
}

/** What the server answered, read to the end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A request with a JSON body. */
export const postJson = (
  operation: string,
  body: object,
  options: Pick<HttpRequest, 'signal' | 'headers'> = {},
): HttpRequest => ({
  ...options,
  operation,
  method: 'POST',
  path: `/api/v1/${operation}`,
  headers: { ...options.headers, 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
