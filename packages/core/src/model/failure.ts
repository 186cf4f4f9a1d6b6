/** What a failed call means: whether it is worth another try, and how long the server asks to wait. */
import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  TypeValidationError,
} from '@ai-sdk/provider';
import { messageOf } from '../errors.ts';

export interface Failure {
  retryable: boolean;
  /** In words, for people. */
  reason: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** What the server's Retry-After asks for. */
  retryAfterMs?: number;
  /** The server does not know the model, the address or the key: no request like it will ever be answered. */
  isConfiguration?: true;
}

/** An answer that came, was paid for, and is of no use. */
export class UselessReplyError extends Error {
  override readonly name = 'UselessReplyError';
  readonly kind: 'empty' | 'refused';

  constructor(kind: 'empty' | 'refused') {
    super(kind === 'empty' ? 'the reply was empty' : 'the model refused');
    this.kind = kind;
  }
}

/** One attempt took longer than the policy allows. */
export class AttemptTimeoutError extends Error {
  override readonly name = 'AttemptTimeoutError';
}

const retryableStatus = new Set([408, 409, 429]);

/** No such key, right, address, or model. */
const configurationStatus = new Set([401, 403, 404, 405]);

/** Some servers say so with a 400. */
const unknownModel =
  /model_not_found|(?:unknown|invalid|no such) model|model\b.{0,100}\b(?:does not exist|not found|not exist)/is;

/** Reads an error of an AI SDK model. `now` is the time in ms, for a Retry-After that is a date. */
export function describeFailure(error: unknown, now: number): Failure {
  if (error instanceof UselessReplyError || error instanceof AttemptTimeoutError) {
    return { retryable: true, reason: error.message };
  }
  if (APICallError.isInstance(error)) {
    const status = error.statusCode;
    if (isWebPage(error)) {
      const reason = 'a web page came instead of the reply of an API: check the base URL';
      return { retryable: false, reason, isConfiguration: true, ...(status === undefined ? {} : { status }) };
    }
    // A body that is cut or malformed arrives as status 200 with a cause; a lost connection without any status.
    const isBroken = status === undefined ? error.isRetryable : status < 300;
    const retryAfterMs = parseRetryAfter(error.responseHeaders, now);
    return {
      retryable: isBroken || (status !== undefined && (retryableStatus.has(status) || status >= 500)),
      reason: status === undefined || status < 300 ? messageOf(error) : `HTTP ${status}: ${messageOf(error)}`,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(isConfiguration(error) ? { isConfiguration: true } : {}),
    };
  }
  return { retryable: isBrokenBody(error) || isConnectionError(error), reason: messageOf(error) };
}

/** What stands at an address that is not the API's; `HTTP 200`, so that nothing else tells. */
function isWebPage({ statusCode = 0, responseHeaders }: APICallError): boolean {
  return (
    statusCode >= 200 && statusCode < 300 && /^text\/html\b/i.test(responseHeaders?.['content-type'] ?? '')
  );
}

function isConfiguration({ statusCode, message, responseBody = '' }: APICallError): boolean {
  if (statusCode === undefined) return false;
  return (
    configurationStatus.has(statusCode) ||
    (statusCode === 400 && unknownModel.test(`${message} ${responseBody}`))
  );
}

function isBrokenBody(error: unknown): boolean {
  return (
    InvalidResponseDataError.isInstance(error) ||
    EmptyResponseBodyError.isInstance(error) ||
    JSONParseError.isInstance(error) ||
    TypeValidationError.isInstance(error) ||
    NoContentGeneratedError.isInstance(error)
  );
}

const connectionCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** A connection that failed anywhere below `error`, whatever wrapped it. */
function isConnectionError(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && connectionCodes.has(cause.code)) return true;
    if (cause instanceof TypeError && /^(fetch failed|terminated|network error)$/i.test(cause.message))
      return true;
  }
  return false;
}

/** `Retry-After` in seconds or as a date, or `retry-after-ms`; undefined when absent or unreadable. */
function parseRetryAfter(headers: Record<string, string> | undefined, now: number): number | undefined {
  const millis = Number(headers?.['retry-after-ms'] || Number.NaN);
  if (millis >= 0) return millis;
  const value = headers?.['retry-after'];
  if (!value) return undefined;
  const delayMs = Number.isNaN(Number(value)) ? Date.parse(value) - now : Number(value) * 1000;
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
