/**
 * The paragraphs of a pool that share most with a question, by BM25 (k1 1.2, b 0.75, each term counted once). Among
 * so many paragraphs as a long document has, these are the ones that compete with the evidence: put into a short
 * document, they teach what a long one would.
 */
import { createLexicon, evidenceSentences, parseEvidenceQuestion } from '@memagent/core/evidence';
import type { EvidenceParagraph } from './evidence-data.ts';

const k1 = 1.2;
const b = 0.75;

/** Gives the `count` best paragraphs for a question, best first. */
export type RankParagraphs = (question: string, count: number) => readonly EvidenceParagraph[];

export function createParagraphRanking(pool: readonly EvidenceParagraph[]): RankParagraphs {
  const lexicon = createLexicon();
  const postings = new Map<number, number[]>();
  const lengths = pool.map(({ title, text }, index) => {
    const sentences = evidenceSentences(`${title}\n${text}`, 1, lexicon);
    const terms = new Set(sentences.flatMap((sentence) => [...sentence.terms]));
    for (const term of terms) {
      const list = postings.get(term);
      if (list) list.push(index);
      else postings.set(term, [index]);
    }
    return terms.size;
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / pool.length;
  return (question, count) => {
    const scores = new Map<number, number>();
    for (const term of parseEvidenceQuestion(question, lexicon).terms) {
      const list = postings.get(term) ?? [];
      const rarity = Math.log(1 + (pool.length - list.length + 0.5) / (list.length + 0.5));
      for (const index of list) {
        const norm = 1 + k1 * (1 - b + (b * (lengths[index] ?? 0)) / mean);
        scores.set(index, (scores.get(index) ?? 0) + (rarity * (k1 + 1)) / norm);
      }
    }
    return [...scores]
      .toSorted(([one, score], [other, otherScore]) => otherScore - score || one - other)
      .slice(0, count)
      .flatMap(([index]) => pool[index] ?? []);
  };
}
