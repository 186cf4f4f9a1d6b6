import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listCheckpoints } from '../checkpoint/checkpoint-folder.ts';
import { writeSafetensors } from '../checkpoint/safetensors.ts';
import { filesIn } from '../testing/files-in.ts';
import { createGateSetup, gateShape } from '../testing/gate-task.ts';
import { type GateRunOptions, runGate } from '../testing/gate-run.ts';
import { createLinearBackend } from '../testing/linear-backend.ts';
import { runTraining } from './run-training.ts';
import type { TrainingEvent } from './training-event.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'memagent-run-training-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function collect(options: GateRunOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of runGate(options)) events.push(event);
  return events;
}

test('leaves settings, metrics, rollouts, the reference and the newest checkpoints', async () => {
  const out = join(root, 'run');
  const events = await collect({ out });
  expect(Object.keys(await filesIn(out)).toSorted()).toEqual([
    ...['step-000004', 'step-000005'].flatMap((step) =>
      ['model', 'optimizer']
        .map((file) => `checkpoints/${step}/${file}.safetensors`)
        .concat(`checkpoints/${step}/trainer.json`),
    ),
    'lock',
    'metrics.jsonl',
    'reference/model.safetensors',
    'reference/optimizer.safetensors',
    'reference/trainer.json',
    ...[2, 3, 4, 5].map((step) => `rollouts/step-00000${step}.jsonl`),
    'training.json',
  ]);
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual(events.flatMap((event) => (event.type === 'step-end' ? [event.metrics] : [])));
  expect(lines.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  expect(events.flatMap((event) => (event.type === 'checkpoint-saved' ? [event.step] : []))).toEqual([
    2, 4, 5,
  ]);
});

test('an engine hears of each checkpoint that newer ones replace, while it is still there', async () => {
  const out = join(root, 'run');
  const discarded: string[] = [];
  await collect({
    out,
    wrap: (backend) => ({
      ...backend,
      async discard(folder) {
        expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
        discarded.push(folder);
      },
    }),
  });
  expect(discarded).toEqual([join(out, 'checkpoints', 'step-000002')]);
});

test('a run that is left at any of its events and resumed ends as the uninterrupted one, byte for byte', async () => {
  const whole = join(root, 'whole');
  const events = await collect({ out: whole });
  const expected = await filesIn(whole);
  for (let at = 1; at < events.length; at += 1) {
    const out = join(root, `left-${at}`);
    let seen = 0;
    for await (const _ of runGate({ out })) if (++seen === at) break;
    await collect({ out, resume: true });
    expect(await filesIn(out)).toEqual(expected);
  }
});

test('goes on where it was resumed, and a finished run has nothing left to do', async () => {
  const out = join(root, 'run');
  for await (const event of runGate({ out })) if (event.type === 'step-end' && event.state.step === 3) break;
  const resumed = await collect({ out, resume: true });
  expect(resumed[0]).toMatchObject({ type: 'training-start', step: 2 });
  const again = await collect({ out, resume: true });
  expect(again.map(({ type }) => type)).toEqual(['training-start', 'training-end']);
});

test('a line that was cut short by a crash is made again', async () => {
  const out = join(root, 'run');
  const whole = await collect({ out });
  const before = await filesIn(out);
  await rm(join(out, 'checkpoints', 'step-000005'), { recursive: true });
  await truncate(join(out, 'metrics.jsonl'), before['metrics.jsonl']!.length - 20);
  expect((await collect({ out, resume: true })).length).toBeLessThan(whole.length);
  expect(await filesIn(out)).toEqual(before);
});

test('a longer run goes on with more steps; other settings are refused', async () => {
  const out = join(root, 'run');
  await collect({ out, config: { steps: 2 } });
  const longer = join(root, 'longer');
  await collect({ out: longer });
  await collect({ out, resume: true });
  expect((await filesIn(out))['metrics.jsonl']).toEqual((await filesIn(longer))['metrics.jsonl']);

  const changed = collect({ out, resume: true, config: { stdDivision: true, adam: { learningRate: 0.2 } } });
  await expect(changed).rejects.toMatchObject({
    code: 'settings-changed',
    data: { differences: ['stdDivision', 'adam'] },
  });
  // Under a learning rate that falls until the last step, the number of steps decides the weights.
  const falling = join(root, 'falling');
  await collect({ out: falling, config: { steps: 2, schedule: { kind: 'linear' } } });
  await expect(
    collect({ out: falling, resume: true, config: { schedule: { kind: 'linear' } } }),
  ).rejects.toMatchObject({ code: 'settings-changed', data: { differences: ['steps'] } });
});

test('a run can begin with the weights of another, and remembers them when it is resumed', async () => {
  const [first, out, whole] = [join(root, 'first'), join(root, 'run'), join(root, 'whole')];
  await collect({ out: first });
  const from = (await listCheckpoints(first)).at(-1)!.folder;
  const config = { warmUp: { steps: 0 }, steps: 2 };
  const events = await collect({ out: whole, config, from });
  expect(events[0]).toMatchObject({ type: 'training-start', step: 0 });
  for await (const event of runGate({ out, config, from })) if (event.type === 'step-end') break;
  await collect({ out, config, resume: true });
  expect(await filesIn(out)).toEqual(await filesIn(whole));
  expect(await readFile(join(out, 'reference', 'model.safetensors'))).toEqual(
    await readFile(join(from, 'model.safetensors')),
  );
  const other = collect({ out, config, resume: true, from: root });
  await expect(other).rejects.toMatchObject({ code: 'settings-changed', data: { differences: ['from'] } });
});

test('a folder that holds something is not written over, and none is resumed that holds no run', async () => {
  await writeFile(join(root, 'notes.txt'), 'mine');
  await expect(collect({ out: root })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(collect({ out: root, resume: true })).rejects.toMatchObject({ code: 'run-not-found' });
  expect(await readdir(root)).toEqual(['notes.txt']);
});

test('one process at a time works on a folder', async () => {
  const out = join(root, 'run');
  const first = runGate({ out });
  await first.next();
  await expect(collect({ out, resume: true })).rejects.toMatchObject({ code: 'run-locked' });
  await first.return(undefined);
  expect((await collect({ out, resume: true })).at(-1)?.type).toBe('training-end');
});

test('checkpoints are taken by time as well', async () => {
  let time = 0;
  const config = { checkpointEverySteps: 1000, checkpointEveryMs: 60_000 };
  const events = await collect({ out: join(root, 'run'), config, now: () => (time += 10_000) });
  const saved = events.flatMap((event) => (event.type === 'checkpoint-saved' ? [event.step] : []));
  expect(saved.length).toBeGreaterThan(1);
  expect(saved.length).toBeLessThan(5);
});

describe('a checkpoint that is damaged stops the run with a clear error, and the one before it still serves', () => {
  test.each<[string, (folder: string) => Promise<void>, RegExp]>([
    [
      'cut short',
      (folder) => truncate(join(folder, 'model.safetensors'), 60),
      /model\.safetensors is damaged/,
    ],
    [
      'without its optimiser',
      (folder) => rm(join(folder, 'optimizer.safetensors')),
      /optimizer\.safetensors cannot be read/,
    ],
    ['without its manifest', (folder) => rm(join(folder, 'trainer.json')), /trainer\.json is missing/],
    [
      'with another manifest',
      (folder) => writeFile(join(folder, 'trainer.json'), '{}'),
      /not one of memagent's/,
    ],
  ])('%s', async (_, damage, message) => {
    const out = join(root, 'run');
    await collect({ out });
    const expected = await filesIn(out);
    const newest = (await listCheckpoints(out)).at(-1)!.folder;
    await damage(newest);
    const resumed = collect({ out, resume: true });
    await expect(resumed).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringMatching(message),
    });
    await expect(resumed).rejects.toThrow(/remove its folder to go on from the one before it/);

    await rm(newest, { recursive: true });
    await collect({ out, resume: true });
    expect(await filesIn(out)).toEqual(expected);
  });
});

describe('a full disk stops the run with a clear error, and it goes on when there is room', () => {
  const hasFullDevice = existsSync('/dev/full');

  test.runIf(hasFullDevice)('while a checkpoint is written', async () => {
    const [out, whole] = [join(root, 'run'), join(root, 'whole')];
    let saves = 0;
    const failing = collect({
      out,
      wrap: (backend) => ({
        ...backend,
        async save(folder) {
          await backend.save(folder);
          // The first is of the reference's weights, the second of step 2, the third of step 4.
          saves += 1;
          if (saves === 3) await writeSafetensors('/dev/full', { tensors: {}, metadata: {} });
        },
      }),
    });
    await expect(failing).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('The disk is full: free some space, then resume.'),
    });
    expect((await listCheckpoints(out)).map(({ step }) => step)).toEqual([2]);
    expect(await readdir(join(out, 'checkpoints'))).toEqual(['step-000002']);
    await collect({ out, resume: true });
    await collect({ out: whole });
    expect(await filesIn(out)).toEqual(await filesIn(whole));
  });

  test.runIf(hasFullDevice)('while rollouts are written', async () => {
    const out = join(root, 'run');
    const run = async (): Promise<void> => {
      for await (const event of runGate({ out })) {
        if (event.type === 'rl-start') await symlink('/dev/full', join(out, 'rollouts', 'step-000004.jsonl'));
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'store-failed' });
    expect((await listCheckpoints(out)).map(({ step }) => step)).toEqual([2]);
    await collect({ out, resume: true });
    expect((await listCheckpoints(out)).at(-1)?.step).toBe(5);
  });
});

test('a loss that is not finite stops the run; the last good checkpoint is kept', async () => {
  const out = join(root, 'run');
  let calls = 0;
  const failing = collect({
    out,
    wrap: (backend) => ({
      ...backend,
      async forwardBackward(data, loss) {
        calls += 1;
        const done = await backend.forwardBackward(data, loss);
        return calls > 4 ? { ...done, loss: Number.NaN } : done;
      },
    }),
  });
  await expect(failing).rejects.toMatchObject({
    code: 'not-finite',
    message: expect.stringMatching(
      /^Step 4: The loss is NaN.*step-000002 is as it was: begin another run from it/,
    ),
  });
  const checkpoints = await listCheckpoints(out);
  expect(checkpoints.length).toBeGreaterThan(0);
  const resumed = await collect({ out, resume: true });
  expect(resumed[0]).toMatchObject({ step: checkpoints.at(-1)?.step });
});

test('a KL term needs a reference', async () => {
  const setup = createGateSetup(createLinearBackend({ ...gateShape, seed: 1 }), 1);
  const run = runTraining({
    name: 'gate',
    setup,
    config: { loss: { klWeight: 0.1 } },
    out: join(root, 'run'),
  });
  await expect(run.next()).rejects.toMatchObject({ code: 'invalid-option' });
  expect(existsSync(join(root, 'run'))).toBe(false);
});
