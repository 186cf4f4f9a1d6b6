/**
 * CPU time of one section of 5,000 tokens outside model calls: War and Peace is read with a model in this
 * process that answers at once. What tokenizing costs is told apart by reading the same book with a tokenizer
 * that costs nothing (four characters are a token), and what the store costs by one that keeps runs in memory.
 * Rounds are interleaved; medians.
 *
 *   npm run bench:overhead [-- <rounds>]
 */
import {
  createMemoryRunStore,
  createSqliteRunStore,
  createTiktokenTokenizer,
  read,
  type RunStore,
  type Tokenizer,
} from '@memagent/core';
import { readBook } from './book.ts';
import { createInstantModel } from './instant-model.mjs';
import { median } from './median.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const rounds = Number(process.argv[2] ?? 7);
const book = readBook();
const o200k = await createTiktokenTokenizer('o200k_base');

const count = (text: string): number => Math.ceil(text.length / 4);
const free: Tokenizer = {
  name: 'free',
  exact: true,
  count,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + count(content), 0),
  parts: {
    weigh: ({ length }) => ({ base: length }),
    tokens: ({ base }) => Math.ceil(base / 4),
  },
};

/** Reads the book; returns the number of its sections. */
async function readOnce(tokenizer: Tokenizer, store: RunStore): Promise<number> {
  const model = createInstantModel(book);
  const question = 'Who commands the Russian army at the battle of Borodino?';
  const { result } = read({ model, question, source: book, tokenizer, store });
  return (await result).sections;
}

await using home = await createTemporaryFolder();
const disk = createSqliteRunStore({ home: home.path });
const memory = createMemoryRunStore();

/** Each returns how many sections it was about. */
const variants: Record<string, () => number | Promise<number>> = {
  'all of it: o200k_base, SQLite on disk': () => readOnce(o200k, disk),
  'free tokenizer, SQLite on disk': () => readOnce(free, disk),
  'free tokenizer, store in memory': () => readOnce(free, memory),
  'counting the text once, o200k_base': () => o200k.count(book) / 5000,
};

const samples = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, work] of Object.entries(variants)) {
    const before = process.cpuUsage();
    const sections = await work();
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round > 0) samples.get(name)?.push((user + system) / 1000 / sections);
  }
}
console.log(`CPU per section of 5,000 tokens, in ms; ${rounds} rounds`);
console.table(
  [...samples].map(([what, values]) => ({
    what,
    median: Number(median(values).toFixed(3)),
    least: Number(Math.min(...values).toFixed(3)),
    most: Number(Math.max(...values).toFixed(3)),
  })),
);
await disk.close();
await memory.close();
