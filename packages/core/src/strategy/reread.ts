import type { Memory } from '../reader/reader.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

/**
 * The memory strategy, twice: with the memory of the first pass the document is read once more from its beginning.
 * A fact whose worth only a later clue shows is passed over in the first pass and found in the second. Costs twice
 * as much, still grows linearly, and the window stays as it is.
 */
export const rereadStrategy: Strategy = {
  name: 'reread',

  async run(run) {
    let memory: Memory = { text: '' };
    for await (const section of run.sections()) {
      memory = await run.update(`update/${section.number}`, { memory, section });
    }
    for await (const section of run.sectionsAgain()) {
      memory = await run.update(`again/${section.number}`, { memory, section });
    }
    return { answer: await run.answer('answer', { memory }), memory };
  },

  estimate: ({ sections, tokens }, window) =>
    upperBound(window, {
      updates: 2 * sections,
      updateTokens: 2 * (tokens + sections * window.memoryTokens),
      answers: 1,
    }),
};
