import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The most megabytes of the space for new objects, in a process whose objects outlast small collections. */
async function largestNursery(beginning: string): Promise<number> {
  const code = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setTimeout } from 'node:timers/promises';
    ${beginning}
    const kept = [];
    let most = 0;
    for (let round = 0; round < 800; round += 1) {
      for (let index = 0; index < 1500; index += 1) {
        kept[(round * 1500 + index) % 40_000] = new Array(16).fill(index);
      }
      await setTimeout(2);
      const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      most = Math.max(most, nursery.space_size / 2 ** 20);
    }
    process.stdout.write(String(most));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  return Number(stdout);
}

test('the space for new objects stops growing', async () => {
  const tuned = `(await import(${JSON.stringify(new URL('tune-heap.ts', import.meta.url).href)})).tuneHeap();`;
  const [stock = 0, limited = 0] = await Promise.all([largestNursery(''), largestNursery(tuned)]);
  expect(stock).toBeGreaterThan(64);
  expect(limited).toBeLessThanOrEqual(64);
});
