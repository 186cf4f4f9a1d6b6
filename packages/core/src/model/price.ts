import type { Usage } from './usage.ts';

/** Money per million tokens, in any currency. */
export interface Prices {
  input: number;
  output: number;
  /** Prompt tokens read from the provider's cache; default: as `input`. */
  cachedInput?: number;
}

/** What a use costs at these prices. */
export function costOf(
  usage: Pick<Usage, 'promptTokens' | 'completionTokens' | 'cachedTokens'>,
  prices: Prices,
): number {
  const fresh = usage.promptTokens - usage.cachedTokens;
  const cached = usage.cachedTokens * (prices.cachedInput ?? prices.input);
  return (fresh * prices.input + cached + usage.completionTokens * prices.output) / 1e6;
}
