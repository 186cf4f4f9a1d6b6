import { parseMarkedSentences, type MarkOptions } from './marked-sentences.ts';

/** One mark of an answer. */
export interface ParsedMark {
  /** 1-based number of the section that it points to. */
  mark: number;
  /** The sentence that carries it, marks removed. */
  sentence: string;
  /** The part of the sentence that it vouches for, see `SentenceMark`. */
  claim: string;
}

/** The marks of an answer in order; the same mark twice in a sentence is one, vouching for both parts. */
export function parseMarks(answer: string, options: MarkOptions = {}): ParsedMark[] {
  return parseMarkedSentences(answer, options).flatMap(({ text, marks }) => {
    const claims = new Map<number, string>();
    for (const { mark, claim } of marks) {
      const before = claims.get(mark);
      claims.set(mark, before === undefined || before === claim ? claim : `${before} ${claim}`);
    }
    return [...claims].map(([mark, claim]) => ({ mark, sentence: text, claim }));
  });
}
