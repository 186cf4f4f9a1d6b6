/** Tokens that went to an engine and came back, by what they are billed as. */
export interface TokenCount {
  /** Read as prompts when sampling. */
  prompt: number;
  sampled: number;
  /** Gone through forward alone, and forward and backward. */
  scored: number;
  trained: number;
}

export function noTokens(): TokenCount {
  return { prompt: 0, sampled: 0, scored: 0, trained: 0 };
}

export function addTokens(a: TokenCount, b: TokenCount): TokenCount {
  return {
    prompt: a.prompt + b.prompt,
    sampled: a.sampled + b.sampled,
    scored: a.scored + b.scored,
    trained: a.trained + b.trained,
  };
}

/** Prices in money per million tokens, as hosted engines publish them. */
export type TokenPrices = Readonly<Record<keyof TokenCount, number>>;

/** What it costs. */
export function costOf(count: TokenCount, prices: TokenPrices): number {
  const kinds = Object.keys(prices) as (keyof TokenCount)[];
  return kinds.reduce((sum, kind) => sum + (count[kind] * prices[kind]) / 1e6, 0);
}
