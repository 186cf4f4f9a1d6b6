/** A trail of 2 to 8 clues, each naming where the next one begins, that the document tells in the wrong order. */
import type { Random } from '../documents/random.ts';
import { createPairs } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumbers, risingDepths } from './random-values.ts';

const orders = ['reversed', 'shuffled', 'forward'] as const;
type Order = (typeof orders)[number];

export const multiHop = defineTask({
  name: 'multi_hop',
  description: 'The number at the end of a trail of clues that come in the wrong order.',
  metric: 'lenient-match',
  outputTokens: 64,
  parameters: {
    hops: {
      default: 4,
      least: 2,
      most: 8,
      description: 'Clues of the trail, the one with the number included.',
    },
    order: {
      default: 'reversed',
      choices: orders,
      description:
        'How the clues lie in the document: the last first, at random, or as they follow each other.',
    },
    others: { default: 1, least: 0, most: 20, description: 'Other trails of the same length.' },
  },
  async draft(brief) {
    const { hops, others, order } = brief.parameters;
    const boxes = createPairs(await brief.materials.vocabulary(), brief.random('boxes'));
    const random = brief.random('trails');
    const numbers = randomNumbers(random, others + 1);
    const clues = numbers.flatMap((number, trail) => {
      const depths = arrange(risingDepths(random, hops), order as Order, random);
      return depths.map((depth, hop) => {
        const box = boxes(trail * hops + hop);
        return {
          text:
            hop === hops - 1
              ? `In the ${box} box lies a note with the number ${number}.`
              : `In the ${box} box lies the key to the ${boxes(trail * hops + hop + 1)} box.`,
          depth,
        };
      });
    });
    const question = `Begin at the ${boxes(0)} box. Each box holds the key to the next one; which number is on the note in the last box?`;
    const { spans, haystack, ...document } = await hideInHaystack(brief, question, clues);
    return {
      question,
      answers: numbers.slice(0, 1),
      ...document,
      evidence: spans.slice(0, hops).toSorted((a, b) => a.start - b.start),
      meta: { haystack },
    };
  },
});

function arrange(rising: readonly number[], order: Order, random: Random): number[] {
  switch (order) {
    case 'reversed':
      return rising.toReversed();
    case 'shuffled':
      return random.shuffle(rising);
    case 'forward':
      return [...rising];
    default:
      return order satisfies never;
  }
}
