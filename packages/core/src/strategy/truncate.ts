import { passageTokens } from '../prompt/evidence.ts';
import type { Section } from '../section/section.ts';
import { mostPassageTokens, pieceTokensOf } from './passage-budget.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

/**
 * One call with as much of the document as the window holds: its beginning and its end, the middle cut out,
 * as servers and chat programs do it.
 */
export const truncateStrategy: Strategy = {
  name: 'truncate',

  readsAhead: () => Infinity,

  async run(run) {
    // Each piece is a section with a mark of its own.
    const pieceTokens = pieceTokensOf(run.window);
    const headTokens = Math.floor(run.window.evidenceTokens / 2);
    const head: Section[] = [];
    const tail: Section[] = [];
    let isHeadFull = false;
    let used = { head: 0, tail: 0 };
    let sections = 0;
    for await (const section of run.sections({ maxTokens: pieceTokens })) {
      sections += 1;
      const tokens = section.tokens + passageTokens;
      isHeadFull ||= used.head + tokens > headTokens;
      if (!isHeadFull) {
        head.push(section);
        used = { ...used, head: used.head + tokens };
        continue;
      }
      tail.push(section);
      used = { ...used, tail: used.tail + tokens };
      while (used.head + used.tail > run.window.evidenceTokens) {
        const dropped = tail.shift();
        used = { ...used, tail: used.tail - ((dropped?.tokens ?? 0) + passageTokens) };
      }
    }
    const kept = [...head, ...tail];
    if (kept.length < sections) {
      await run.emit({
        type: 'notice',
        code: 'document-cut',
        message: `The window holds ${kept.length} of ${sections} pieces of the document; the middle was cut out.`,
        data: { kept: kept.length, sections },
      });
    }
    const passages = kept.map((section) => ({ mark: section.number, text: section.text }));
    const answer = await run.answer('answer', { memory: { text: '' }, passages });
    return { answer, passages };
  },

  estimate: ({ tokens }, window) =>
    upperBound(window, { answers: 1, answerTokens: mostPassageTokens(tokens, window) }),
};
