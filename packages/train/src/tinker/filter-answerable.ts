/**
 * Leaves out questions that a model answers without the document (paper: half of HotpotQA's): they teach nothing
 * about memory. Each is asked so many times; what was found out is kept in a file, one line a question, so that a
 * filter that was stopped goes on.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { findMetric } from '@memagent/eval';
import PQueue from 'p-queue';
import { z } from 'zod';
import type { Sample } from '../glossary.ts';
import { drawSeed } from '../rollout/draw-seed.ts';

const lineSchema = z.object({
  position: z.int().nonnegative(),
  id: z.string(),
  tries: z.int().positive(),
  right: z.int().nonnegative(),
});

/** What was found out about one question. */
export type FilterLine = z.output<typeof lineSchema>;

export interface FilterOptions {
  model: LanguageModelV4;
  itemAt: (position: number) => Promise<Sample>;
  /** Positions 0 to count - 1 are looked at. */
  count: number;
  /** Times that each question is asked, at temperature 1. */
  tries: number;
  /** The cache: JSON lines. */
  file: string;
  concurrency: number;
  signal?: AbortSignal;
}

/** Tells about each question, those from the cache first. */
export async function* filterAnswerable(options: FilterOptions): AsyncGenerator<FilterLine> {
  const { itemAt, count, tries, file, concurrency, signal } = options;
  await mkdir(dirname(file), { recursive: true });
  const known = new Map(
    (await readFilter(file)).filter((line) => line.tries === tries).map((line) => [line.position, line]),
  );
  yield* known.values();
  const queue = new PQueue({ concurrency });
  const positions = Array.from({ length: count }, (_, position) => position).filter((one) => !known.has(one));
  // So many at a time, so that lines are told as they come.
  for (let from = 0; from < positions.length; from += concurrency) {
    const lines = await Promise.all(
      positions.slice(from, from + concurrency).map((position) =>
        queue.add(async () => {
          signal?.throwIfAborted();
          const item = await itemAt(position);
          const right = await countRight(item, options);
          const line = { position, id: item.id, tries, right };
          await appendFile(file, `${JSON.stringify(line)}\n`);
          return line;
        }),
      ),
    );
    yield* lines;
  }
}

/** The lines of a cache; none where there is no file. A line that was cut short is left out. */
export async function readFilter(file: string): Promise<FilterLine[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    try {
      return lineSchema.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
}

/** Positions of the questions that were answered rightly fewer than `atLeast` times. */
export function keptPositions(lines: readonly FilterLine[], atLeast: number): number[] {
  return lines
    .filter(({ right }) => right < atLeast)
    .map(({ position }) => position)
    .toSorted((a, b) => a - b);
}

async function countRight(item: Sample, { model, tries, signal }: FilterOptions): Promise<number> {
  const text = `${item.question}\n\nThere is no document: answer from what you know, in a few words and nothing else.`;
  const predictions = await Promise.all(
    Array.from({ length: tries }, async (_, index) => {
      const { content } = await model.doGenerate({
        prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
        maxOutputTokens: item.outputTokens,
        temperature: 1,
        seed: drawSeed(`${item.id}/${index}`) >>> 1,
        ...(signal ? { abortSignal: signal } : {}),
      });
      return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    }),
  );
  const { metric, answers, choices } = item;
  const given = choices ? { choices } : {};
  return predictions.filter((prediction) => findMetric(metric)({ prediction, answers, ...given }) >= 1)
    .length;
}
