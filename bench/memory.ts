/**
 * Peak resident memory of a process that reads a text file of 1, 100 and 1,000 MB, with a model that answers at
 * once and with the extractive reader; the time to the first model call; and the speed. Each in a fresh process,
 * of stock Node and of Node with a smaller nursery: in a process that is always busy V8 lets the space for new
 * objects grow to 128 MB, whatever is in it.
 *
 *   npm run bench:memory [-- <MB,MB,…>]
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { MemoryReport } from './memory-child.mjs';
import { createTemporaryFolder } from './temporary-folder.ts';
import { writeLongText } from './write-long-text.ts';

const sizes = (process.argv[2] ?? '1,100,1000').split(',').map(Number);
const child = fileURLToPath(new URL('memory-child.mjs', import.meta.url));

const flags = { default: [], '16 MB': ['--max-semi-space-size=16'] };

async function measure(file: string, reader: string, nodeFlags: readonly string[]): Promise<MemoryReport> {
  await using home = await createTemporaryFolder();
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...nodeFlags,
    child,
    file,
    home.path,
    reader,
  ]);
  return JSON.parse(stdout);
}

await using folder = await createTemporaryFolder();
const file = join(folder.path, 'long.txt');
const rows = [];
for (const size of sizes) {
  await writeLongText(file, size * 1_000_000);
  for (const [nursery, nodeFlags] of Object.entries(flags)) {
    for (const reader of ['model', 'extractive']) {
      const report = await measure(file, reader, nodeFlags);
      rows.push({
        'file (MB)': size,
        reader,
        nursery,
        sections: report.sections,
        'peak (MiB)': Math.round(report.peakMb),
        'before (MiB)': Math.round(report.startMb),
        'first call (ms)': report.firstCallMs === null ? '-' : Math.round(report.firstCallMs),
        seconds: Number(report.seconds.toFixed(1)),
        'MB/s': Number((size / report.seconds).toFixed(1)),
      });
    }
  }
}
console.log(`Node ${process.version}, o200k_base, sections of 5,000 tokens`);
console.table(rows);
