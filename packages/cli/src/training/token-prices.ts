import type { TokenPrices } from '@memagent/train';
import { usageError } from '../usage-error.ts';

/** The four prices of `--token-prices`. */
export function parseTokenPrices(text: string): TokenPrices {
  const [prompt = Number.NaN, sampled = Number.NaN, scored = Number.NaN, trained = Number.NaN, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const prices = [prompt, sampled, scored, trained];
  if (more.length > 0 || !prices.every((price) => price >= 0 && price < Infinity)) {
    throw usageError(
      `--token-prices ${text}: expected four prices, of prompt, sampled, scored and trained tokens, such as 0.1,0.4,0.1,0.3.`,
    );
  }
  return { prompt, sampled, scored, trained };
}
