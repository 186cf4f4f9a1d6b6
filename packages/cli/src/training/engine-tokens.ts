import { addTokens, costOf, noTokens, type TinkerEngine, type TokenPrices } from '@memagent/train';
import { formatCount } from '../format/format-number.ts';
import { usageError } from '../usage-error.ts';

/** The four prices of `--token-prices`. */
export function parseTokenPrices(text: string | undefined): TokenPrices | undefined {
  if (text === undefined) return undefined;
  const [prompt, sampled, scored, trained, ...more] = text.split(',').map(Number);
  const prices = [prompt, sampled, scored, trained];
  if (more.length > 0 || !prices.every((price) => price !== undefined && price >= 0)) {
    throw usageError(
      `--token-prices ${text}: expected four prices, of prompt, sampled, scored and trained tokens, such as 0.1,0.4,0.1,0.3.`,
    );
  }
  return { prompt: prompt ?? 0, sampled: sampled ?? 0, scored: scored ?? 0, trained: trained ?? 0 };
}

/** What this session sent to the engine and got back, over all its connections. */
export function describeTokens(
  engines: readonly Pick<TinkerEngine, 'usage'>[],
  prices: TokenPrices | undefined,
): string {
  const count = engines.map(({ usage }) => usage()).reduce(addTokens, noTokens());
  const cost = prices === undefined ? '' : `; ${costOf(count, prices).toFixed(2)} in all`;
  return `Tokens of the engine: ${formatCount(count.prompt)} read as prompts, ${formatCount(count.sampled)} sampled, ${formatCount(count.scored)} scored, ${formatCount(count.trained)} trained${cost}.`;
}
