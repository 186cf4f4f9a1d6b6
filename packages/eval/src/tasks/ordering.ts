/**
 * The n-th of several items that differ in nothing but their content and their place, among items that are alike
 * but belong to another list. What multi-round coreference (MRCR; arXiv 2409.12640) asks of conversations.
 */
import { createPairs } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumbers, risingDepths } from './random-values.ts';

export const ordering = defineTask({
  name: 'ordering',
  description: 'The n-th of several similar items.',
  metric: 'lenient-match',
  outputTokens: 64,
  parameters: {
    items: { default: 8, least: 2, most: 200, description: 'Items of the list that is asked about.' },
    others: { default: 1, least: 0, most: 20, description: 'Other lists with as many items.' },
  },
  async draft(brief) {
    const { items, others } = brief.parameters;
    const ships = createPairs(await brief.materials.vocabulary(), brief.random('ships'));
    const random = brief.random('entries');
    const signals = randomNumbers(random, items * (others + 1));
    const wanted = random.between(0, items - 1);
    const entries = Array.from({ length: others + 1 }, (_, list) => {
      const depths = risingDepths(random, items);
      return depths.map((depth, item) => ({
        text: `The ${ships(list)} sent the signal ${signals[list * items + item]}.`,
        depth,
      }));
    });
    const question = `Of the ${items} signals that the ${ships(0)} sent, which was the ${ordinal(wanted + 1)} in the order of the text?`;
    const { spans, haystack, ...document } = await hideInHaystack(brief, question, entries.flat());
    return {
      question,
      answers: signals.slice(wanted, wanted + 1),
      ...document,
      evidence: spans.slice(wanted, wanted + 1),
      meta: { haystack, position: wanted + 1 },
    };
  },
});

/** 1st, 2nd, 3rd, 4th, … */
function ordinal(number: number): string {
  const suffixes: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' };
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(number);
  return `${number}${suffixes[rule] ?? 'th'}`;
}
