/**
 * Reading speed of the readers without a language model, in CPU time of this process: War and Peace through `read`
 * (cutting and counting sections included), store in memory, memories of several sizes. Rounds are interleaved;
 * medians.
 *
 *   npm run bench:reading-speed [-- <rounds>]
 */
import { createMemoryRunStore, read, type ReadOptions } from '@memagent/core';
import { readBook } from './book.ts';
import { median } from './median.ts';

const rounds = Number(process.argv[2] ?? 5);
const book = readBook();
const readers = ['evidence', 'extractive'] as const;
const memories = [256, 1024];
const speeds = new Map<string, number[]>();

async function measure(reader: NonNullable<ReadOptions['reader']>, memoryTokens: number): Promise<number> {
  const before = process.cpuUsage();
  const { tokens } = await read({
    reader,
    memoryTokens,
    question: 'Who was appointed commander in chief of the army before Borodino?',
    source: book,
    store: createMemoryRunStore(),
  }).result;
  const { user, system } = process.cpuUsage(before);
  return tokens / ((user + system) / 1e6);
}

for (let round = 0; round <= rounds; round++) {
  for (const reader of readers) {
    for (const memoryTokens of memories) {
      const speed = await measure(reader, memoryTokens);
      if (round === 0) continue; // Warm-up.
      const key = `${reader}, memory of ${memoryTokens}`;
      speeds.set(key, [...(speeds.get(key) ?? []), speed]);
    }
  }
}
for (const [key, values] of speeds)
  console.log(`${key}: ${Math.round(median(values) / 1000)}K tokens per second of CPU`);
