/** What a call, or all calls of a run, used. Token counts are the server's where it reports them. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens that the provider read from its cache; part of `promptTokens`. */
  cachedTokens: number;
  /** Completion tokens spent on reasoning; part of `completionTokens`. */
  reasoningTokens: number;
  /** Requests that were answered, faulty answers included. */
  calls: number;
  /** Requests that were made again after a failure. */
  retries: number;
  /** Money, in the currency of the prices given; absent without prices. */
  cost?: number;
}

/** No use at all. */
export const noUsage: Readonly<Usage> = Object.freeze({
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  calls: 0,
  retries: 0,
});

/** The sum of two uses. */
export function addUsage(a: Readonly<Usage>, b: Readonly<Usage>): Usage {
  const sum: Usage = {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    calls: a.calls + b.calls,
    retries: a.retries + b.retries,
  };
  if (a.cost !== undefined || b.cost !== undefined) sum.cost = (a.cost ?? 0) + (b.cost ?? 0);
  return sum;
}
