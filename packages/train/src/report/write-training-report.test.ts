import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSampleRun } from '../testing/sample-run.ts';
import type { RolloutRecord } from '../trainer/rollout-record.ts';
import { writeTrainingReport } from './write-training-report.ts';

const hostile = `</pre></script><script>alert("1")</script><img src=x onerror='alert(2)'>`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-training-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The page's rollouts, as its program unpacks them. */
function unpack(page: string): Map<number, RolloutRecord[]> {
  return new Map(
    [...page.matchAll(/<script type="application\/gzip" id="rollouts-(\d+)">([^<]*)<\/script>/g)].map(
      ([, step, base64 = '']) => [
        Number(step),
        gunzipSync(Buffer.from(base64, 'base64'))
          .toString()
          .trim()
          .split('\n')
          .map((line): RolloutRecord => JSON.parse(line)),
      ],
    ),
  );
}

async function report(options: Partial<Parameters<typeof writeTrainingReport>[0]> = {}) {
  const out = join(folder, 'new', 'page.html');
  const written = await writeTrainingReport({ run: folder, out, ...options });
  return { ...written, page: await readFile(out, 'utf8') };
}

describe('the page of a run', () => {
  it('tells what was trained, what came of it, and with which settings', async () => {
    await writeSampleRun(folder, { warmUpSteps: 5, steps: 21 });
    const { page } = await report();
    expect(page).toContain('Preset sample, seed 7: 26 of 26 steps in 26 s, 5 of them supervised.');
    expect(page).toContain(
      'Reward 0.225 over the first 10 steps of reinforcement learning, 0.775 over the last 10 steps.',
    );
    expect(page).toContain('168 rollouts in 84 groups, 63 of which had unequal rewards and were trained on');
    expect(page).toMatch(/<code>loss\.clipHigh<\/code>\s*<\/th>\s*<td[^>]*>0\.28</);
  });

  it('has a curve, light and dark, with its numbers, for everything a step measured and for nothing else', async () => {
    await writeSampleRun(folder, { warmUpSteps: 5, steps: 21 });
    const { page } = await report();
    const figures = [...page.matchAll(/<figure id="([^"]*)">([^]*?)<\/figure>/g)];
    expect(figures.map(([, id]) => id)).toEqual([
      ...[
        'reward',
        'groups',
        'length',
        'entropy',
        'clipped',
        'divergence',
        'staleness',
        'gradient',
        'loss',
      ].map((name) => `training-${name}`),
      'training-parts',
      'training-rate',
      'training-speed',
      ...['probability', 'loss', 'gradient', 'rate'].map((name) => `warm-up-${name}`),
    ]);
    for (const [, , figure = ''] of figures) {
      expect(figure.match(/src="data:image\/svg\+xml;base64,/g)).toHaveLength(2);
      expect(figure).toContain('<table');
    }
    expect(figures[1]?.[2]).toContain('75.0');
  });

  it('leaves a step out of the curves of what it could not measure', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 2 });
    const path = join(folder, 'metrics.jsonl');
    const [first = '', second = ''] = (await readFile(path, 'utf8')).split('\n');
    const untrained = { ...JSON.parse(second), groupsKept: 0, gradientNorm: 0 };
    await writeFile(path, `${first}\n${JSON.stringify(untrained)}\n`);
    const { page } = await report();
    const [, rows = ''] = /<figure id="training-gradient">[^]*?<tbody>([^]*?)<\/tbody>/.exec(page) ?? [];
    expect([...rows.matchAll(/data-label="norm"[^>]*>([^<]*)</g)].map(([, cell]) => cell?.trim())).toEqual([
      '0.8',
      '–',
    ]);
  });

  it('carries the rollouts of every step, unchanged', async () => {
    const records = await writeSampleRun(folder, { warmUpSteps: 1, steps: 4 });
    const { page, stepsLeftOut } = await report();
    expect(stepsLeftOut).toBe(0);
    expect([...unpack(page).keys()]).toEqual([2, 3, 4, 5]);
    expect([...unpack(page).values()].flat()).toEqual(records);
  });

  it('runs nothing but its own programs, whatever documents and policies wrote', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 2, text: hostile });
    const { page } = await report();
    expect(page).not.toContain('alert(');
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toMatch(/^default-src &#39;none&#39;/);
    const programs = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text = '']) => text);
    expect(programs).toHaveLength(2);
    for (const program of programs) {
      expect(() => new Script(program)).not.toThrow();
      expect(program).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval/);
      const hash = createHash('sha256').update(program).digest('base64');
      expect(policy).toContain(`&#39;sha256-${hash}&#39;`);
    }
    expect(page).not.toMatch(/<link|<iframe|@import|\sstyle="|\son[a-z]+="|src="http/);
  });

  it('keeps every second, third, … step where the rollouts are too large, and says how many it left out', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 10 });
    const all = await report();
    const step = /id="rollouts-1">([^<]*)</.exec(all.page)?.[1]?.length ?? 0;
    const some = await report({ mostRolloutBytes: 6.9 * step });
    expect([...unpack(some.page).keys()]).toEqual([1, 3, 5, 7, 9, 10]);
    expect(some.stepsLeftOut).toBe(4);
    expect(some.page).toContain('The rollouts of 4 more steps are in the run’s folder');
    const none = await report({ mostRolloutBytes: 1 });
    expect(unpack(none.page).size).toBe(0);
    expect(none.page).toContain('The rollouts of 10 steps are too large for this page');
  });

  it('carries the steps that are asked for', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 10 });
    const { page, stepsLeftOut } = await report({ rolloutSteps: (step) => step >= 4 && step <= 6 });
    expect([...unpack(page).keys()]).toEqual([4, 5, 6]);
    expect(stepsLeftOut).toBe(0);
  });

  it('takes steps together where they are too many for a picture', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 1000 });
    const { page } = await report({ rolloutSteps: () => false });
    expect(page).toContain('Each point is the mean of 5 steps.');
    const [, rows = ''] = /<figure id="training-reward">[^]*?<tbody>([^]*?)<\/tbody>/.exec(page) ?? [];
    expect(rows.match(/<tr>/g)).toHaveLength(40);
    // Steps 1 to 25 of 1,000, from 0 to 1: 0 to 24 thousandths in the mean.
    expect(rows).toMatch(/1–25\s*<\/th>\s*<td[^>]*>1\.2</);
  });
});

describe('a folder', () => {
  it('of a run that is going on may end in half a line', async () => {
    await writeSampleRun(folder, { warmUpSteps: 0, steps: 3 });
    await appendFile(join(folder, 'metrics.jsonl'), '{"step": 4, "rew');
    expect((await report()).page).toContain('3 of 3 steps');
  });

  it('without a run is refused', async () => {
    await expect(report()).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('of a run without a step is refused', async () => {
    await writeFile(join(folder, 'training.json'), '{"name": "sample", "config": {}}');
    await expect(report()).rejects.toThrow(`The run in ${folder} has not finished a step yet`);
  });
});
