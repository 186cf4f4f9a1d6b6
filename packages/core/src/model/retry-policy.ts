/** How a call is tried again: exponential backoff with full jitter between `minDelayMs` and twice that, and so on. */
export interface RetryPolicy {
  /** Times that a call is made again after its first failure. */
  retries: number;
  minDelayMs: number;
  maxDelayMs: number;
  /** Longest that a server's Retry-After is waited for; a longer one stops the run, resumably. */
  maxRetryAfterMs: number;
  /** Longest that one attempt may take. */
  timeoutMs: number;
  /** Times that a model is asked again, and told why, after a reply that does not follow the schema that it should. */
  repairs: number;
}

/** Rides out a restart of a local server or a minute's rate limit. */
export const defaultRetryPolicy: Readonly<RetryPolicy> = Object.freeze({
  retries: 6,
  minDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 300_000,
  timeoutMs: 600_000,
  repairs: 2,
});
