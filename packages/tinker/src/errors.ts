/** What went wrong, as a closed set: switch on it. */
export type TinkerErrorCode =
  /** What the caller gave cannot be sent. Nothing was sent. */
  | 'bad-input'
  /** The server says that the request is wrong (4xx). */
  | 'refused'
  /** The key is missing, unknown or may not do this (401, 402, 403). */
  | 'unauthorized'
  /** The server could not be reached, or was busy or broken for longer than the retry policy allows. */
  | 'unreachable'
  /** The server's answer is not what the protocol says. */
  | 'bad-response'
  /** The server took the request and failed to do it. */
  | 'request-failed'
  /** The server no longer knows a request that it took, as after a restart. */
  | 'result-lost'
  /** The session was closed here, or the server ended it. */
  | 'session-ended'
  /** Not sent, because a request of the same model before it was not accepted. */
  | 'earlier-request-failed'
  /** Not sent: whether the server took an earlier request of this model cannot be known any more. */
  | 'model-broken';

/** What a `TinkerError` carries besides its message. */
export interface TinkerErrorOptions extends ErrorOptions {
  /** The same call may succeed later. */
  readonly retryable?: boolean;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** The id under which the server knows the request. */
  readonly requestId?: string;
  /** How many times the request had been sent. */
  readonly attempts?: number;
}

/**
 * The one class of errors that this package throws. A message names the operation, what was received and
 * what to do. A caller's abort is not wrapped: it is thrown as it is.
 */
export class TinkerError extends Error {
  override readonly name = 'TinkerError';
  readonly code: TinkerErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number | undefined;

  constructor(code: TinkerErrorCode, message: string, options: TinkerErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.status = options.status;
    this.requestId = options.requestId;
    this.attempts = options.attempts;
  }
}

/** What was thrown, in words. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
