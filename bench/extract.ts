/**
 * Extraction from generated documents of so many millions of tokens: whether every planted record is found once, with
 * contradictions side by side, and what it takes: time, CPU and resident memory of the process. The model is the
 * loopback server in another process, which collects by rule. Runs are kept in SQLite.
 *
 *   npm run bench:extract [-- <millions,millions,…> [<key | similarity>]]
 */
import { Readable } from 'node:stream';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createSqliteRunStore, extract } from '@memagent/core';
import { z } from 'zod';
import { again, plantedRecord, plantedText } from '../packages/core/src/extract/planted-document.ts';
import { tuneHeap } from '../packages/cli/src/tune-heap.ts';
import { readBook } from './book.ts';
import { startLoopbackProcess } from './start-loopback.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const sizes = (process.argv[2] ?? '1,10').split(',').map(Number);
const mode = process.argv[3] ?? 'key';
const charactersPerToken = 4.2;

tuneHeap();
await using server = await startLoopbackProcess({ window: 8192 });
const provider = createOpenAICompatible({
  name: 'loopback',
  baseURL: server.baseUrl,
  supportsStructuredOutputs: true,
});
const rows = [];
for (const size of sizes) {
  await using folder = await createTemporaryFolder();
  const file = join(folder.path, 'long.txt');
  const text = plantedText(readBook().split('\n\n'), {
    characters: size * 1e6 * charactersPerToken,
    every: 20,
  });
  let planted = { records: 0, restated: 0, contradicted: 0 };
  const chunks = function* (): Generator<string> {
    planted = yield* text;
  };
  await pipeline(Readable.from(chunks()), createWriteStream(file));

  const store = createSqliteRunStore({ home: folder.path });
  const startedAt = performance.now();
  const startCpu = process.cpuUsage();
  const run = extract({
    model: provider('loopback'),
    schema: z.object({ id: z.string(), name: z.string(), year: z.int() }),
    ...(mode === 'key' ? { key: ['id'] } : {}),
    source: { file },
    tokenizer: 'o200k_base',
    store,
  });
  const { tokens, sections, extraction } = await run.result;
  const { user, system } = process.cpuUsage(startCpu);
  const seconds = (performance.now() - startedAt) / 1000;
  let exact = 0;
  let found = 0;
  for await (const { record } of run.records()) {
    const wanted = plantedRecord(Number(record.id.slice(2)));
    if (record.id === wanted.id && record.name === wanted.name && Math.abs(record.year - wanted.year) <= 1)
      exact += 1;
    found += 1;
  }
  await store.close();
  const row = {
    'tokens (M)': Number((tokens / 1e6).toFixed(2)),
    sections,
    // Without a key, a record with another year is another record.
    planted: planted.records + (mode === 'key' ? 0 : planted.contradicted),
    found,
    exact,
    mentions: `${extraction?.mentions} of ${planted.records + planted.restated + planted.contradicted}`,
    conflicts: `${extraction?.conflicts} of ${mode === 'key' ? planted.contradicted : 0}`,
    dropped: (extraction?.dropped.records ?? 0) + (extraction?.dropped.pieces ?? 0),
    seconds: Math.round(seconds),
    'CPU (ms/section)': Number(((user + system) / 1000 / sections).toFixed(1)),
    'peak so far (MB)': Math.round(process.resourceUsage().maxRSS / 1000),
  };
  console.error(JSON.stringify(row));
  rows.push(row);
}
const { stats, longestRequest } = await server.report();
console.log(
  `By ${mode}, a record after every 20 paragraphs, every ${again.respelt}th stated again, every ${again.contradicted}th contradicted`,
);
console.table(rows);
console.log(`Longest request ${longestRequest} of 8,192 tokens, ${stats.overWindow} over the window`);
