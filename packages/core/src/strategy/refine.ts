import { passageTokens } from '../prompt/evidence.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { Answer } from '../reader/reader.ts';
import { noUsage } from '../model/usage.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

/**
 * Refine, as LangChain and LlamaIndex do it: answer from the first section, then improve the answer with each
 * further one. There is no memory besides the draft; the last draft is the answer.
 */
export const refineStrategy: Strategy = {
  name: 'refine',

  async run(run) {
    let draft: Answer = { text: '', found: false, usage: { ...noUsage } };
    const { evidenceTokens, memoryTokens, sectionTokens } = run.window;
    const maxTokens = Math.min(sectionTokens, evidenceTokens - memoryTokens - passageTokens);
    for await (const section of run.sections({ maxTokens })) {
      const next = await run.answer(`answer/${section.number}`, {
        memory: { text: cutToTokens(draft.found ? draft.text : '', memoryTokens, run.tokenizer) },
        passages: [{ mark: section.number, text: section.text }],
      });
      // "Not found" in this section does not take back what an earlier one gave.
      if (next.found || !draft.found) draft = next;
    }
    return { answer: draft };
  },

  estimate: ({ sections, tokens }, window) =>
    upperBound(window, {
      answers: sections,
      answerTokens: tokens + sections * (window.memoryTokens + passageTokens),
    }),
};
