import { costOf, type TokenCount, type TokenPrices } from '../backend/token-count.ts';

const counts = new Intl.NumberFormat('en-US');

/** Tokens of an engine elsewhere, and their price where that is known, as a sentence. */
export function describeUsage(usage: TokenCount, prices: TokenPrices | undefined): string {
  const [prompt, sampled, scored, trained] = [usage.prompt, usage.sampled, usage.scored, usage.trained].map(
    (count) => counts.format(count),
  );
  const cost =
    prices === undefined ? '' : `; ${costOf(usage, prices).toFixed(2)} in all, at the prices of the settings`;
  return `Tokens of the engine, over all sessions: ${prompt} read as prompts, ${sampled} sampled, ${scored} scored, ${trained} trained${cost}.`;
}
