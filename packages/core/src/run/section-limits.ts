/**
 * How much of a document goes into a section when the tokenizer is not known.
 *
 * Before a server has reported anything, no bound but bytes holds for every tokenizer: the sections that are read
 * until then are cut by bytes. After that the prompt's own words count as the reports say, which may be more than
 * the window was divided with.
 */
import type { Reader } from '../reader/reader.ts';
import type { Section } from '../section/section.ts';
import { byteTokenizer } from '../tokenizer/byte-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { leastSectionTokens, seamTokens } from '../window/plan-window.ts';
import type { WindowPlan } from '../window/window-plan.ts';

export interface SectionLimits {
  /** What section `number` is cut with, and to how many of its tokens; `now` is what has been learned so far. */
  tokenizerFor(number: number, now: Tokenizer): Tokenizer;
  tokensFor(number: number, now: Tokenizer): number;
  /** The section's tokens, whatever it was cut with. */
  count(section: Section, now: Tokenizer): number;
}

export interface SectionLimitOptions {
  question: string;
  reader: Reader;
  window: WindowPlan;
  /** See `Strategy.readsAhead`. */
  ahead: number;
  maxTokens: number;
}

export function createSectionLimits(options: SectionLimitOptions): SectionLimits {
  const { question, reader, window, ahead, maxTokens } = options;
  const inBytes = Math.min(maxTokens, roomFor(byteTokenizer));
  let counted: Tokenizer | undefined;
  let room = Infinity;

  function roomFor(tokenizer: Tokenizer): number {
    const { update, answer } = reader.overhead(question, tokenizer);
    const { memoryTokens, outputTokens } = window;
    return window.window - Math.max(update, answer) - memoryTokens - outputTokens - seamTokens;
  }

  /** Where the window has no room for the prompt in bytes, the bound of the unknown tokenizer has to do. */
  const isInBytes = (number: number, { exact }: Tokenizer): boolean =>
    !exact && ahead < Infinity && number <= ahead && inBytes >= Math.min(maxTokens, leastSectionTokens);

  return {
    tokenizerFor: (number, now) => (isInBytes(number, now) ? byteTokenizer : now),
    tokensFor(number, now) {
      if (now.exact) return maxTokens;
      if (isInBytes(number, now)) return inBytes;
      if (counted !== now) {
        counted = now;
        room = roomFor(now);
      }
      return Math.min(maxTokens, room);
    },
    count: (section, now) => (isInBytes(section.number, now) ? now.count(section.text) : section.tokens),
  };
}
