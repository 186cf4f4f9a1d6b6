/** The history of a memory's sentences: at which step each came in, and at which it went. */
import type { Sentence } from './sentences.ts';

/** One stay of a sentence in the memory. */
export interface Fact {
  text: string;
  marks: number[];
  /** Index of the step that brought it. */
  cameAt: number;
  /** Index of the step that dropped it; undefined while it is there. */
  wentAt?: number;
}

export interface FactHistory {
  /**
   * What the memory holds after a step; steps come in their order. A note beside others (`isNote`) adds to what is
   * there, a memory overwrites it.
   */
  add(step: number, sentences: readonly Sentence[], isNote?: boolean): void;
  /** Stays of sentences that hold all the words, in any case, in the order in which they came. */
  search(words: string): Fact[];
  /** Index of the step that brought a sentence which is there now. */
  cameAt(key: string): number | undefined;
  readonly size: number;
}

export function createFactHistory(): FactHistory {
  const facts: { fact: Fact; folded: string }[] = [];
  let present = new Map<string, Fact>();
  return {
    get size() {
      return facts.length;
    },
    add(step, sentences, isNote = false) {
      const next = new Map<string, Fact>(isNote ? present : []);
      for (const { text, marks, key } of sentences) {
        const known = next.get(key) ?? present.get(key);
        if (known) {
          next.set(key, known);
          continue;
        }
        const fact: Fact = { text, marks, cameAt: step };
        facts.push({ fact, folded: fold(key) });
        next.set(key, fact);
      }
      for (const [key, fact] of present) if (!next.has(key)) fact.wentAt = step;
      present = next;
    },
    search(words) {
      const wanted = fold(words).split(/\s+/).filter(Boolean);
      if (wanted.length === 0) return [];
      return facts
        .filter(({ folded }) => wanted.every((word) => folded.includes(word)))
        .map(({ fact }) => fact);
    },
    cameAt: (key) => present.get(key)?.cameAt,
  };
}

/** In lower case and without accents, as people search. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
