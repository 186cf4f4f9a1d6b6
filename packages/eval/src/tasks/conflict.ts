/** Sources that contradict each other and none of which is to be preferred: all values are to be reported. */
import { createPairs } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumbers } from './random-values.ts';

export const conflict = defineTask({
  name: 'conflict',
  description: 'The values that contradicting sources give for one thing.',
  metric: 'string-match-all',
  outputTokens: 64,
  parameters: {
    sources: { default: 2, least: 2, most: 20, description: 'Sources, each with a value of its own.' },
  },
  async draft(brief) {
    const { sources } = brief.parameters;
    const vocabulary = await brief.materials.vocabulary();
    const random = brief.random('statements');
    const reservoir = createPairs(vocabulary, random)(0);
    const authors = random.sample(vocabulary.nouns, sources);
    const values = randomNumbers(random, sources, 6);
    const statements = values.map((value, index) => ({
      text: `According to the ${authors[index]} report, the ${reservoir} reservoir holds ${value} barrels.`,
      depth: random.fraction(),
    }));
    const question = `How many barrels does the ${reservoir} reservoir hold? Where reports contradict each other, give the number of each.`;
    const { spans, haystack, ...document } = await hideInHaystack(brief, question, statements);
    return {
      question,
      answers: values,
      ...document,
      evidence: spans.toSorted((a, b) => a.start - b.start),
      meta: { haystack },
    };
  },
});
