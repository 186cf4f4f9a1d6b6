/** The extractive reader's memory: one sentence a line with its mark, and what the text does not tell beside it. */
import * as z from 'zod';
import { parseMarkedSentences } from '../citation/marked-sentences.ts';
import type { Terms } from '../text/term-cache.ts';
import type { Question } from './extractive-question.ts';
import { termsIn, type Sentence } from './extractive-sentence.ts';
import type { Statistics } from './extractive-statistics.ts';
import type { Memory } from './reader.ts';

/** The memory as the reader works with it. */
export interface Remembered {
  sentences: Sentence[];
  statistics: Statistics;
}

const stateSchema = z.object({
  version: z.literal(2),
  sentences: z.number(),
  /**
   * Terms and, in their order, how often each was met. Not an object: V8 makes a hidden class for every key of
   * every memory, and keeps them for long. Not pairs: hundreds of small lists for every memory.
   */
  terms: z.array(z.string()),
  counts: z.array(z.number()),
  /** For each line of the text: topic of its paragraph, question terms of the sentence before. */
  lines: z.array(z.object({ topic: z.array(z.string()), before: z.array(z.string()) })),
});

/**
 * Of a memory without its state. To count its own sentences instead would be worse than to know nothing: they
 * were chosen for the question's words, so that just those would pass for common.
 */
const nothing: Statistics = { sentences: 0, counts: new Map() };

/** Reads a memory: the reader's own, or any text, with marks or without, where its state is missing. */
export function parseMemory({ text, state }: Memory, terms: Terms): Remembered {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const own = stateSchema.safeParse(state).data;
  if (own?.lines.length === lines.length) {
    const sentences = lines.map((line, index) => ({
      ...parseLine(line, terms),
      ...(own.lines[index] ?? { topic: [], before: [] }),
    }));
    return {
      sentences,
      statistics: {
        sentences: own.sentences,
        counts: new Map(own.terms.map((term, index) => [term, own.counts[index] ?? 0])),
      },
    };
  }
  return { sentences: lines.flatMap((line) => parseForeignLine(line, terms)), statistics: nothing };
}

/** Writes a memory that `parseMemory` reads back. */
export function renderMemory({ sentences, statistics }: Remembered, question: Question): Memory {
  return {
    text: sentences.map(renderSentence).join('\n'),
    state: {
      version: 2,
      sentences: statistics.sentences,
      terms: Array.from(statistics.counts.keys()),
      counts: Array.from(statistics.counts.values()),
      lines: sentences.map(({ topic, before }) => ({
        topic: topic.slice(), // Not spread into a literal, see `termsIn`.
        before: before.filter((term) => question.terms.has(term)),
      })),
    },
  };
}

/** A sentence with its marks. */
export function renderSentence({ text, marks }: Sentence): string {
  return marks.length === 0 ? text : `${text} [${marks.join(', ')}]`;
}

function parseLine(line: string, terms: Terms): Sentence {
  const [, text = line, marks = ''] = /^(.*\S) \[(\d+(?:, \d+)*)\]$/.exec(line) ?? [];
  return toSentence(text, marks === '' ? [] : marks.split(', ').map(Number), terms);
}

/** A line with one mark, at its end, is kept whole; others are taken apart into sentences with their marks. */
function parseForeignLine(line: string, terms: Terms): Sentence[] {
  const whole = parseLine(line.trim(), terms);
  if (whole.marks.length > 0 && !/\[\d[\d\s,;–-]*\]/.test(whole.text)) return [whole];
  return parseMarkedSentences(line).map(({ text, marks }) =>
    toSentence(text, [...new Set(marks.map(({ mark }) => mark))], terms),
  );
}

function toSentence(text: string, marks: readonly number[], terms: Terms): Sentence {
  return { text, marks, ...termsIn(text, terms), topic: [], before: [] };
}
