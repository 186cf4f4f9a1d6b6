/**
 * Reads one file in a process of its own and prints what it took as JSON, see `memory.ts`:
 * `node memory-child.mjs <file> <home> <reader/strategy> <stock | tuned>`. Plain JavaScript over the built
 * packages, as a user's process is: Node's own stripping of types takes 20 MB.
 *
 * @typedef {object} MemoryReport
 * @property {number} peakBytes The most resident memory that the process ever had.
 * @property {number} startBytes Resident memory before anything was read, tokenizer loaded.
 * @property {number | null} firstCallMs From the call of `read` to the first model call; null without a model.
 * @property {number} seconds
 * @property {number} cpuMs CPU of the process while it read, its collector's threads included.
 * @property {number} sections
 */
import { createTiktokenTokenizer, read } from '@memagent/core';
import { open } from 'node:fs/promises';
import { createInstantModel } from './instant-model.mjs';

const [file = '', home = '', reading = '', v8] = process.argv.slice(2);
const [reader, strategy = 'memory'] = reading.split('/');

if (v8 === 'tuned') {
  const { tuneHeap } = await import('../packages/cli/dist/tune-heap.js');
  tuneHeap();
}

async function readBeginning() {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(100_000));
  return buffer.toString('utf8', 0, bytesRead);
}

const beginning = await readBeginning();
const tokenizer = await createTiktokenTokenizer('o200k_base');
const startBytes = process.memoryUsage.rss();
const startedAt = performance.now();
const startCpu = process.cpuUsage();
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
  strategy,
  ...(reader === 'model' ? { model } : { reader: reader === 'extractive' ? reader : 'evidence' }),
});
const { sections } = await run.result;
const { user, system } = process.cpuUsage(startCpu);
/** @type {MemoryReport} */
const report = {
  peakBytes: process.resourceUsage().maxRSS * 1024,
  startBytes,
  firstCallMs,
  seconds: (performance.now() - startedAt) / 1000,
  cpuMs: (user + system) / 1000,
  sections,
};
console.log(JSON.stringify(report));
