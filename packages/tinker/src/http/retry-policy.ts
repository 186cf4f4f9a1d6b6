/** When a request that was not answered goes out again. Waits double and are spread by up to a half. */
export interface RetryPolicy {
  /** The first wait; default 500. */
  readonly firstWaitMs: number;
  /** The longest wait; default 30,000. */
  readonly maxWaitMs: number;
  /** After this long without an answer the call fails as `unreachable`; default 300,000. */
  readonly giveUpAfterMs: number;
  /** How long one answer may take; default 60,000. */
  readonly answerTimeoutMs: number;
  /** How long one question for a result may take before it is asked again; default 45,000. */
  readonly pollTimeoutMs: number;
}

/** The defaults of `RetryPolicy`. */
export const defaultRetryPolicy: RetryPolicy = {
  firstWaitMs: 500,
  maxWaitMs: 30_000,
  giveUpAfterMs: 300_000,
  answerTimeoutMs: 60_000,
  pollTimeoutMs: 45_000,
};

/** The wait before attempt `attempt` (the first retry is 1); the server's own wish is at least kept. */
export function retryWaitMs(policy: RetryPolicy, attempt: number, random: () => number, wishMs = 0): number {
  const full = Math.min(policy.firstWaitMs * 2 ** (attempt - 1), policy.maxWaitMs);
  return Math.max(Math.round(full * (0.5 + random() / 2)), wishMs);
}
