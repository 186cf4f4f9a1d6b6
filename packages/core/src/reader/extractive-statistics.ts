/**
 * How common terms are in what was read so far: exact for the question's, and for capitalised words of the most
 * frequent, so that the state stays small however long the document is. A word that is not listed is rare.
 */
import type { Sentence } from './extractive-sentence.ts';

export interface Statistics {
  /** Sentences read. */
  sentences: number;
  /** In how many of them each term stands. */
  counts: ReadonlyMap<string, number>;
}

/** When more terms than `most` are listed, only the `kept` most frequent stay beside the question's. */
const listed = { most: 512, kept: 256 };

/** Statistics with more sentences counted in. */
export function countTerms(
  { sentences, counts }: Statistics,
  read: readonly Sentence[],
  asked: ReadonlySet<string>,
): Statistics {
  const sum = new Map(counts);
  for (const { names, terms } of read) {
    const seen = new Set(names);
    for (const term of terms) if (asked.has(term)) seen.add(term);
    for (const term of seen) sum.set(term, (sum.get(term) ?? 0) + 1);
  }
  return { sentences: sentences + read.length, counts: shorten(sum, asked) };
}

/** Statistics of several stretches together. */
export function addStatistics(stretches: readonly Statistics[], asked: ReadonlySet<string>): Statistics {
  const sum = new Map<string, number>();
  let sentences = 0;
  for (const stretch of stretches) {
    sentences += stretch.sentences;
    for (const [term, count] of stretch.counts) sum.set(term, (sum.get(term) ?? 0) + count);
  }
  return { sentences, counts: shorten(sum, asked) };
}

/** What it says that a sentence holds a term: the less common, the more (the IDF of BM25, always above 0). */
export function weightOf(term: string, { sentences, counts }: Statistics): number {
  const count = counts.get(term) ?? 0;
  return Math.log(1 + (Math.max(sentences, count) - count + 0.5) / (count + 0.5));
}

function shorten(counts: Map<string, number>, asked: ReadonlySet<string>): Map<string, number> {
  if (counts.size <= listed.most) return counts;
  const entries = [...counts];
  const frequent = entries
    .filter(([term]) => !asked.has(term))
    .toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, listed.kept);
  return new Map([...entries.filter(([term]) => asked.has(term)), ...frequent]);
}
