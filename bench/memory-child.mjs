/**
 * Reads one file in a process of its own and prints what it took as JSON, see `memory.ts`:
 * `node memory-child.mjs <file> <home> <model | extractive>`. Plain JavaScript over the built package, as a
 * user's process is: Node's own stripping of types takes 20 MB.
 *
 * @typedef {object} MemoryReport
 * @property {number} peakMb The most resident memory that the process ever had.
 * @property {number} startMb Resident memory before anything was read, tokenizer loaded.
 * @property {number | null} firstCallMs From the call of `read` to the first model call; null without a model.
 * @property {number} seconds
 * @property {number} sections
 */
import { createTiktokenTokenizer, read } from '@memagent/core';
import { open } from 'node:fs/promises';
import { createInstantModel } from './instant-model.mjs';

const [file = '', home = '', reader] = process.argv.slice(2);

async function readBeginning() {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(100_000));
  return buffer.toString('utf8', 0, bytesRead);
}

const beginning = await readBeginning();
const tokenizer = await createTiktokenTokenizer('o200k_base');
const startMb = process.memoryUsage.rss() / 2 ** 20;
const startedAt = performance.now();
/** @type {number | null} */
let firstCallMs = null;
const model = createInstantModel(beginning, () => {
  firstCallMs ??= performance.now() - startedAt;
});
const run = read({
  question: 'Who commands the Russian army at the battle of Borodino?',
  source: { file },
  tokenizer,
  home,
  ...(reader === 'model' ? { model } : { reader: 'extractive' }),
});
const { sections } = await run.result;
/** @type {MemoryReport} */
const report = {
  peakMb: process.resourceUsage().maxRSS / 1024,
  startMb,
  firstCallMs,
  seconds: (performance.now() - startedAt) / 1000,
  sections,
};
console.log(JSON.stringify(report));
