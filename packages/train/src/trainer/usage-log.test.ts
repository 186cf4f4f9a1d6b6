import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TokenCount } from '../backend/token-count.ts';
import { runGate } from '../testing/gate-run.ts';
import { writeTrainingReport } from '../report/write-training-report.ts';
import { readUsage } from './usage-log.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'memagent-usage-'));
});
afterEach(() => rm(out, { recursive: true }));

const tokenPrices = { prompt: 1, sampled: 4, scored: 0, trained: 10 };

/** Trains with an engine that counts sampled actions, until `last` steps are done or to the end. */
async function trainUntil(last: number, resume: boolean) {
  const counts: TokenCount[] = [];
  const run = runGate({
    out,
    resume,
    config: { tokenPrices },
    wrap(engine) {
      const usage = { prompt: 0, sampled: 0, scored: 0, trained: 0 };
      counts.push(usage);
      return {
        ...engine,
        async sample(request) {
          const sampled = await engine.sample(request);
          usage.prompt += 1_000_000;
          usage.sampled += sampled.actions.length;
          return sampled;
        },
        usage: () => ({ ...usage }),
      };
    },
  });
  for await (const event of run) if (event.type === 'step-end' && event.state.step === last) break;
  return counts[0] as TokenCount;
}

test('totals survive a resume, with what was done again counted again, and stand in the report', async () => {
  const first = await trainUntil(3, false);
  expect(await readUsage(out)).toEqual(first);
  const second = await trainUntil(5, true);
  const total = { ...first, prompt: first.prompt + second.prompt, sampled: first.sampled + second.sampled };
  expect(await readUsage(out)).toEqual(total);
  const { file } = await writeTrainingReport({ run: out, out: join(out, 'report.html') });
  const cost = total.prompt / 1e6 + (total.sampled * 4) / 1e6;
  expect(await readFile(file, 'utf8')).toContain(
    `; ${cost.toFixed(2)} in all, at the prices of the settings.`,
  );
});

test('a run that is trained here counts none', async () => {
  await Array.fromAsync(runGate({ out }));
  expect(await readUsage(out)).toBeUndefined();
});

test('prices may change from session to session', async () => {
  await trainUntil(3, false);
  await Array.fromAsync(
    runGate({ out, resume: true, config: { tokenPrices: { ...tokenPrices, sampled: 8 } } }),
  );
  expect(JSON.parse(await readFile(join(out, 'training.json'), 'utf8'))).toMatchObject({
    config: { tokenPrices: { sampled: 8 } },
  });
});

test('a file that is damaged is told of', async () => {
  await writeFile(join(out, 'usage.json'), '{"prompt": -1}');
  await expect(readUsage(out)).rejects.toMatchObject({ code: 'store-failed' });
});
