import { formatCount } from '@memagent/eval/report';
import { costOf, type TokenCount, type TokenPrices } from '../backend/token-count.ts';

/** Tokens of an engine elsewhere, and their price where that is known, as a sentence. */
export function describeUsage(usage: TokenCount, prices: TokenPrices | undefined): string {
  const { prompt, sampled, scored, trained } = usage;
  const cost =
    prices === undefined ? '' : `; ${costOf(usage, prices).toFixed(2)} in all, at the prices of the settings`;
  return `Tokens of the engine, over all sessions: ${formatCount(prompt)} read as prompts, ${formatCount(sampled)} sampled, ${formatCount(scored)} scored, ${formatCount(trained)} trained${cost}.`;
}
