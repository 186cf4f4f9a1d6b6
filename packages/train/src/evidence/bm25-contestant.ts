/**
 * BM25 at the same budget (k1 1.2, b 0.75), for comparison: all of the document's sentences, each with the words of
 * its paragraph's title, ranked by statistics of the whole document; the best that fit. It is not bound to a window:
 * it keeps every sentence that shares a word with the question until the end.
 */
import type { Section, Tokenizer } from '@memagent/core';
import {
  createLexicon,
  type EvidenceStepTools,
  evidenceSentences,
  parseEvidenceQuestion,
} from '@memagent/core/evidence';
import type { Contestant } from './contestant.ts';

const k1 = 1.2;
const b = 0.75;

interface Entry {
  text: string;
  mark: number;
  length: number;
  /** How often each of the question's terms stands in it. */
  counts: readonly number[];
}

export function createBm25Contestant(
  question: string,
  tools: EvidenceStepTools,
  tokenizer: Tokenizer,
): Contestant {
  const lexicon = createLexicon();
  const asked = parseEvidenceQuestion(question, lexicon).terms;
  const places = new Map(asked.map((term, index) => [term, index]));
  const frequencies = asked.map(() => 0);
  const entries: Entry[] = [];
  const { sentencesOf = evidenceSentences } = tools;
  let sentences = 0;
  let terms = 0;

  return {
    name: 'bm25',
    async read({ text, number }: Section) {
      for (const sentence of sentencesOf(text, number, tools.lexicon)) {
        const all = sentence.place === 0 ? sentence.terms : [...sentence.heading, ...sentence.terms];
        sentences++;
        terms += all.length;
        let counts: number[] | undefined;
        for (const term of all) {
          const place = places.get(term);
          if (place === undefined) continue;
          counts ??= asked.map(() => 0);
          counts[place] = (counts[place] ?? 0) + 1;
        }
        if (!counts) continue;
        for (const [place, count] of counts.entries())
          if (count > 0) frequencies[place] = (frequencies[place] ?? 0) + 1;
        const plain = sentence.raw.trim().replaceAll(/\s+/g, ' ');
        entries.push({ text: plain, mark: number, length: all.length, counts });
      }
    },
    async memory(budget) {
      const mean = terms / sentences || 1;
      const rarity = frequencies.map((one) => Math.log(1 + (sentences - one + 0.5) / (one + 0.5)));
      const scored = entries.map((entry) => ({ entry, score: scoreOf(entry, rarity, mean) }));
      const lines: string[] = [];
      const texts = new Set<string>();
      let left = budget;
      for (const { entry } of scored.toSorted((one, other) => other.score - one.score)) {
        if (left < 6) break;
        const line = `${entry.text} [${entry.mark}]`;
        if (texts.has(entry.text)) continue;
        const tokens = tokenizer.count(`${line}\n`);
        if (tokens > left) continue;
        texts.add(entry.text);
        lines.push(line);
        left -= tokens;
      }
      return lines.join('\n');
    },
  };
}

function scoreOf({ counts, length }: Entry, rarity: readonly number[], mean: number): number {
  const norm = k1 * (1 - b + (b * length) / mean);
  return counts.reduce(
    (sum, count, place) => sum + ((rarity[place] ?? 0) * count * (k1 + 1)) / (count + norm),
    0,
  );
}
