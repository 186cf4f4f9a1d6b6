/** The evidence reader's memory: one sentence a line with its marks, and beside it what the text does not tell. */
import * as z from 'zod';
import { parseMarkedSentences } from '../citation/marked-sentences.ts';
import type { Memory } from '../reader/reader.ts';
import type { EvidenceQuestion } from './evidence-question.ts';
import { type EvidenceSentence, loneSentence } from './evidence-sentence.ts';
import { masksOf, type Masks } from './match-sentences.ts';
import type { Lexicon } from './term-hash.ts';

/** The memory as the reader works with it. */
export interface EvidenceMemory {
  lines: readonly RememberedLine[];
  /** Sentences read so far, and in how many of these each of the question's terms stands. */
  sentences: number;
  counts: readonly number[];
  /** In how many of them each name stands, for those that stand in most: others are rare. */
  names: ReadonlyMap<number, number>;
}

export interface RememberedLine {
  sentence: EvidenceSentence;
  masks: Masks;
}

const stateSchema = z.object({
  version: z.literal(3),
  sentences: z.number(),
  counts: z.array(z.number()),
  /** Names and, in their order, how often each was met: two lists instead of hundreds of pairs for each memory. */
  names: z.array(z.number()),
  nameCounts: z.array(z.number()),
  /** For each line: what its paragraph is about, masks of the question's terms, and its place. */
  lines: z.array(
    z.object({
      heading: z.array(z.number()),
      topic: z.number(),
      before: z.number(),
      around: z.number(),
      place: z.number(),
      paragraph: z.number(),
    }),
  ),
});

const none: readonly number[] = [];

/** Reads a memory: the reader's own, or any text, with marks or without, where its state is missing. */
export function parseEvidenceMemory(
  { text, state }: Memory,
  question: EvidenceQuestion,
  lexicon: Lexicon,
): EvidenceMemory {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const own = stateSchema.safeParse(state).data;
  if (own?.lines.length === lines.length && own.counts.length === question.terms.length) {
    const { sentences, counts } = own;
    const names = new Map(own.names.map((name, index) => [name, own.nameCounts[index] ?? 0]));
    return {
      sentences,
      counts,
      names,
      lines: lines.map((line, index) => {
        const {
          heading = none,
          topic = 0,
          before = 0,
          around = 0,
          place = 0,
          paragraph = 0,
        } = own.lines[index] ?? {};
        const sentence = { ...parseLine(line, lexicon), heading, place, paragraph };
        return { sentence, masks: { ...masksOf(sentence, question), topic, before, around } };
      }),
    };
  }
  const sentences = lines.flatMap((line) => parseForeignLine(line, lexicon));
  return {
    sentences: 0,
    counts: question.terms.map(() => 0),
    names: new Map(),
    lines: sentences.map((sentence) => ({ sentence, masks: masksOf(sentence, question) })),
  };
}

/** Several memories as one, for a merge. */
export function joinEvidenceMemories(memories: readonly EvidenceMemory[]): EvidenceMemory {
  const add = (of: (memory: EvidenceMemory) => number): number =>
    memories.reduce((sum, memory) => sum + of(memory), 0);
  return {
    lines: memories.flatMap(({ lines }) => lines),
    sentences: add(({ sentences }) => sentences),
    names: addNames(memories.map(({ names }) => names)),
    counts: (memories[0]?.counts ?? none).map((_, bit) => add(({ counts }) => counts[bit] ?? 0)),
  };
}

/** Counts of several stretches together. When there are more than `most`, only the `kept` most frequent stay. */
export function addNames(stretches: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const [first, ...rest] = stretches;
  const sum = new Map(first);
  for (const counts of rest) for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
  if (sum.size <= listedNames.most) return sum;
  const frequent = [...sum].toSorted(([a, many], [b, more]) => more - many || a - b);
  return new Map(frequent.slice(0, listedNames.kept));
}

const listedNames = { most: 1024, kept: 256 };

/** Writes a memory that `parseEvidenceMemory` reads back; `text` has one line for each of `lines`. */
export function renderEvidenceMemory(memory: EvidenceMemory, text: string): Memory {
  const { sentences, counts, names } = memory;
  return {
    text,
    state: {
      version: 3,
      sentences,
      counts: counts.slice(),
      names: Array.from(names.keys()),
      nameCounts: Array.from(names.values()),
      lines: memory.lines.map(
        ({ sentence: { heading, place, paragraph }, masks: { topic, before, around } }) => ({
          heading: heading.slice(),
          topic,
          before,
          around,
          place,
          paragraph,
        }),
      ),
    },
  };
}

/** A sentence with its marks. */
export function renderLine(text: string, marks: readonly number[]): string {
  return marks.length === 0 ? text : `${text} [${marks.join(', ')}]`;
}

function parseLine(line: string, lexicon: Lexicon): EvidenceSentence {
  const [, text = line, marks = ''] = /^(.*\S) \[(\d+(?:, \d+)*)\]$/.exec(line) ?? [];
  return loneSentence(text, marks === '' ? [] : marks.split(', ').map(Number), lexicon);
}

/** A line with one mark, at its end, is kept whole; others are taken apart into sentences with their marks. */
function parseForeignLine(line: string, lexicon: Lexicon): EvidenceSentence[] {
  const whole = parseLine(line.trim(), lexicon);
  if (whole.marks.length > 0 && !/\[\d[\d\s,;–-]*\]/.test(whole.raw)) return [whole];
  return parseMarkedSentences(line).map(({ text, marks }) =>
    loneSentence(text, [...new Set(marks.map(({ mark }) => mark))], lexicon),
  );
}
