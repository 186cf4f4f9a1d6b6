/**
 * Tokenizing and splitting, in MB of UTF-8 per second of CPU time on War and Peace: each tokenizer counts the
 * whole book at once, then the book is cut into sections of 5,000 tokens as in a run. Median of several rounds.
 * gpt-tokenizer, whose vocabularies we use, is measured beside.
 *
 *   node --conditions=@memagent/source bench/tokenize.ts [rounds]
 */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { fileURLToPath } from 'node:url';
import { cutSections } from '../packages/core/src/section/cut-sections.ts';
import type { OpenSource } from '../packages/core/src/source/source.ts';
import { selectTokenizer } from '../packages/core/src/tokenizer/select-tokenizer.ts';
import type { Tokenizer } from '../packages/core/src/tokenizer/tokenizer.ts';
import { readBook } from './book.ts';

const rounds = Number(process.argv[2] ?? 7);
const sectionTokens = 5000;
/** What a file stream gives at a time. */
const chunkLength = 65_536;

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../packages/core/src/tokenizer/fixtures/${name}`, import.meta.url));

const book = readBook();
/** A tenth: these tokenizers are slower, and their speed does not depend on the length. */
const part = book.slice(0, book.length / 10);

const rows: Record<string, Record<string, number>> = {};
for (const [label, name, text] of [
  ['o200k_base', 'o200k_base', book],
  ['cl100k_base', 'cl100k_base', book],
  ['p50k_base', 'p50k_base', book],
  ['r50k_base', 'r50k_base', book],
  ['estimate', 'estimate', book],
  ['tokenizer.json, byte level', fixture('byte-level'), part],
  ['tokenizer.json, SentencePiece', fixture('sentencepiece'), part],
] as const) {
  const tokenizer = await selectTokenizer(name);
  let sections = 0;
  let tokens = 0;
  const [tokenizing, splitting] = await medianSpeeds(text, [
    () => void tokenizer.count(text),
    async () => {
      ({ sections, tokens } = await split(text, tokenizer));
    },
  ]);
  rows[label] = {
    'tokenizing MB/s': tokenizing,
    'splitting MB/s': splitting,
    sections,
    'tokens per section': Math.round(tokens / sections),
  };
}
const [peer] = await medianSpeeds(book, [() => void countTokens(book)]);
rows['gpt-tokenizer, o200k_base'] = { 'tokenizing MB/s': peer };

console.log(`Node ${process.version}, ${rounds} rounds, sections of at most ${sectionTokens} tokens`);
console.table(rows);

async function split(text: string, tokenizer: Tokenizer): Promise<{ sections: number; tokens: number }> {
  const options = { tokenizer, maxTokens: () => sectionTokens, headers: false };
  let sections = 0;
  let tokens = 0;
  for await (const section of cutSections(oneSource(text), options)) {
    sections++;
    tokens += section.tokens;
  }
  return { sections, tokens };
}

async function* oneSource(text: string): AsyncGenerator<OpenSource> {
  const info = { index: 0, name: 'book', mediaType: 'text/plain', textFile: 'book' };
  yield { info, chunks: chunksOf(text) };
}

async function* chunksOf(text: string): AsyncGenerator<{ text: string }> {
  for (let start = 0; start < text.length; start += chunkLength) {
    yield { text: text.slice(start, start + chunkLength) };
  }
}

/** Median speeds; the jobs take turns, so that what else the machine does falls on all of them. */
async function medianSpeeds<Jobs extends readonly (() => void | Promise<void>)[]>(
  text: string,
  jobs: readonly [...Jobs],
): Promise<{ [Job in keyof Jobs]: number }> {
  const megabytes = Buffer.byteLength(text) / 1e6;
  const speeds = jobs.map((): number[] => []);
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, run] of jobs.entries()) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) speeds[index]?.push(megabytes / ((user + system) / 1e6));
    }
  }
  return speeds.map((list) => median(list)) as { [Job in keyof Jobs]: number };
}

function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return Math.round(middle * 10) / 10;
}
