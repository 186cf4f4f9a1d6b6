/**
 * Peak resident memory of a process that reads a text file of 1, 100 and 1,000 MB, with runs stored in SQLite; the
 * time to the first model call; and the speed. The model answers at once. Each in a fresh process, of stock Node
 * and with V8 as the command line sets it: in a process that is always busy V8 lets the space for new objects grow
 * to 128 MB, whatever is in it.
 *
 *   npm run bench:memory [-- --sizes 1,100,1000 --read model/memory,evidence/memory,extractive/memory --v8 stock,tuned]
 *
 * `--read` also takes the other strategies, as in `model/retrieve,model/truncate`. A gigabyte takes minutes.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { MemoryReport } from './memory-child.mjs';
import { createTemporaryFolder } from './temporary-folder.ts';
import { writeLongText } from './write-long-text.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1,100,1000' },
    read: { type: 'string', default: 'model/memory,evidence/memory,extractive/memory' },
    v8: { type: 'string', default: 'stock,tuned' },
  },
});
const child = fileURLToPath(new URL('memory-child.mjs', import.meta.url));

async function measure(file: string, reading: string, v8: string): Promise<MemoryReport> {
  await using home = await createTemporaryFolder();
  const { stdout } = await promisify(execFile)(process.execPath, [child, file, home.path, reading, v8]);
  return JSON.parse(stdout);
}

await using folder = await createTemporaryFolder();
const file = join(folder.path, 'long.txt');
const rows = [];
for (const size of values.sizes.split(',').map(Number)) {
  await writeLongText(file, size * 1_000_000);
  for (const reading of values.read.split(',')) {
    for (const v8 of values.v8.split(',')) {
      const report = await measure(file, reading, v8);
      const row = {
        'file (MB)': size,
        reading,
        V8: v8,
        sections: report.sections,
        'peak (MB)': Math.round(report.peakBytes / 1e6),
        'before (MB)': Math.round(report.startBytes / 1e6),
        'first call (ms)': report.firstCallMs === null ? '-' : Math.round(report.firstCallMs),
        seconds: Math.round(report.seconds),
        'sections/s': Math.round(report.sections / report.seconds),
        'CPU (ms/section)': Number((report.cpuMs / report.sections).toFixed(2)),
      };
      console.error(JSON.stringify(row)); // Each as it comes: the last may be long in coming.
      rows.push(row);
    }
  }
}
console.log(`Node ${process.version}, o200k_base, default budgets`);
console.table(rows);
