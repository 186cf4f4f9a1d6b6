/** A fact that changes: the last statement counts, the earlier ones and those about other places do not. */
import { createPairs } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumbers, risingDepths } from './random-values.ts';

export const knowledgeUpdate = defineTask({
  name: 'knowledge_update',
  description: 'The last value of a fact that changes several times.',
  metric: 'lenient-match',
  outputTokens: 64,
  parameters: {
    updates: {
      default: 3,
      least: 1,
      most: 100,
      description: 'How often the fact changes after it is first stated.',
    },
    others: { default: 2, least: 0, most: 100, description: 'Other places whose facts change as often.' },
  },
  async draft(brief) {
    const { updates, others } = brief.parameters;
    const places = createPairs(await brief.materials.vocabulary(), brief.random('places'));
    const random = brief.random('codes');
    const codes = randomNumbers(random, (others + 1) * (updates + 1), 5);
    const statements = Array.from({ length: others + 1 }, (_, other) => {
      const own = codes.slice(other * (updates + 1), (other + 1) * (updates + 1));
      const depths = risingDepths(random, own.length);
      return own.map((code, change) => ({
        text:
          change === 0
            ? `The door code of the ${places(other)} warehouse is ${code}.`
            : `The door code of the ${places(other)} warehouse was changed and is now ${code}.`,
        depth: depths[change] ?? 1,
      }));
    });
    const question = `What is the door code of the ${places(0)} warehouse after all changes that the text reports?`;
    const { spans, haystack, ...document } = await hideInHaystack(brief, question, statements.flat());
    return {
      question,
      answers: codes.slice(updates, updates + 1),
      rejected: codes.slice(0, updates),
      ...document,
      evidence: spans.slice(updates, updates + 1),
      meta: { haystack, outdated: codes.slice(0, updates).join(' ') },
    };
  },
});
