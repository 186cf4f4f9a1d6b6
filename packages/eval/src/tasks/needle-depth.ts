/** One needle at a chosen depth: the classic heat map of depth against length. */
import { createPairs } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumber } from './random-values.ts';

export const needleDepth = defineTask({
  name: 'needle_depth',
  description: 'One needle at a chosen depth of a book.',
  metric: 'string-match-all',
  outputTokens: 64,
  parameters: {
    at: {
      default: 50,
      least: 0,
      most: 100,
      fractions: true,
      description: 'How deep the needle lies, in per cent of the document.',
    },
  },
  async draft(brief) {
    const key = createPairs(await brief.materials.vocabulary(), brief.random('key'))(0);
    const value = randomNumber(brief.random('value'));
    const question = `What is the combination of the ${key} safe?`;
    const needle = {
      text: `The combination of the ${key} safe is ${value}.`,
      depth: brief.parameters.at / 100,
    };
    const { spans, haystack, ...document } = await hideInHaystack(brief, question, [needle]);
    return { question, answers: [value], ...document, evidence: spans, meta: { haystack } };
  },
});
