import type { Memory } from '../reader/reader.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

/**
 * MemAgent (arXiv 2507.02259): the memory is overwritten after each section, and the answer comes from the
 * last memory alone. One call per section and one for the answer, whatever the length of the document.
 */
export const memoryStrategy: Strategy = {
  name: 'memory',

  async run(run) {
    let memory: Memory = { text: '' };
    for await (const section of run.sections()) {
      memory = await run.update(`update/${section.number}`, { memory, section });
    }
    return { answer: await run.answer('answer', { memory }), memory };
  },

  estimate: ({ sections, tokens }, window) =>
    upperBound(window, {
      updates: sections,
      updateTokens: tokens + sections * window.memoryTokens,
      answers: 1,
    }),
};
