import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { TrainingBackend } from '../backend/backend.ts';
import { filesIn } from '../testing/files-in.ts';
import { runGate } from '../testing/gate-run.ts';
import { createGateSetup, gateShape } from '../testing/gate-task.ts';
import { createLinearBackend, type Features } from '../testing/linear-backend.ts';
import { batchesAhead } from './batch-queue.ts';
import { train } from './train.ts';
import { checkTrainingConfig, type TrainingConfigInput } from './training-config.ts';

const config: TrainingConfigInput = {
  seed: 4,
  steps: 4,
  questionsPerStep: 3,
  rolloutsPerQuestion: 4,
  dynamicSampling: { maxDraws: 20 },
  adam: { learningRate: 0.1 },
  recordGroups: 100,
};

const createEngine = () => createLinearBackend({ ...gateShape, seed: 3 });

async function trainWith(changes: TrainingConfigInput, backend = createEngine()) {
  const positions: number[] = [];
  const { sampleAt, ...setup } = createGateSetup(backend, 3);
  const events = await Array.fromAsync(
    train({
      setup: {
        ...setup,
        sampleAt: (position) => {
          positions.push(position);
          return sampleAt(position);
        },
      },
      config: checkTrainingConfig({ ...config, ...changes }),
    }),
  );
  const steps = events.filter((event) => event.type === 'step-end');
  return { positions, metrics: steps.map(({ metrics }) => metrics), steps };
}

/** By how many optimiser steps the groups of each step lay behind, one optimiser step a batch. */
const stalenessOf = ({ metrics }: Awaited<ReturnType<typeof trainWith>>) =>
  metrics.map(({ staleness }) => Object.keys(staleness).map(Number));

test('batches lie as many steps behind the weights as sampling runs ahead, and samples are drawn in order', async () => {
  const alternating = await trainWith({});
  const [one, two] = [await trainWith({ batchesAhead: 1 }), await trainWith({ batchesAhead: 2 })];
  expect([alternating, one, two].map(stalenessOf)).toEqual([
    [[0], [0], [0], [0]],
    [[0], [1], [1], [1]],
    [[0], [1], [2], [2]],
  ]);
  // The first batch lies on the policy, the others do not.
  expect(one.metrics[0]?.drift).toBeCloseTo(0, 12);
  for (const { drift } of one.metrics.slice(1)) expect(drift).toBeGreaterThan(1e-6);
  for (const { positions, steps } of [one, two]) {
    expect(positions).toEqual(positions.map((_, index) => index));
    expect(steps.at(-1)?.state.samplePosition).toBe(positions.length);
    const ids = steps.flatMap(({ rollouts }) => [...new Set(rollouts.map(({ sampleId }) => sampleId))]);
    expect(ids).toEqual(positions.map((position) => `gate/${position}`));
  }
});

test('the staleness of every mini-batch of every epoch is counted', async () => {
  const { metrics } = await trainWith({ batchesAhead: 1, miniBatchQuestions: 1, epochs: 2, steps: 2 });
  const [first, second] = metrics.map(({ staleness }) => staleness);
  expect(first).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 });
  expect(second).toEqual({ 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1 });
});

test('the next batch is sampled while the engine trains, with hundreds of rollouts in flight', async () => {
  const engine = createEngine();
  let inFlight = 0;
  let most = 0;
  let isTraining = false;
  const { promise: sampledBeside, resolve } = Promise.withResolvers<void>();
  const wrap = (from: Pick<TrainingBackend<Features>, 'sample'>) => ({
    async sample(request: Parameters<typeof from.sample>[0]) {
      most = Math.max(most, (inFlight += 1));
      if (isTraining) resolve();
      // None comes back while others are still on their way out.
      let before = 0;
      do {
        before = most;
        await wait(20);
      } while (most > before);
      return from.sample(request).finally(() => (inFlight -= 1));
    },
  });
  const backend: TrainingBackend<Features> = {
    ...engine,
    ...wrap(engine),
    snapshot: () => wrap(engine.snapshot!()),
    async forwardBackward(data, loss) {
      isTraining = true;
      // Would never end if sampling waited for it.
      await sampledBeside;
      isTraining = false;
      return engine.forwardBackward(data, loss);
    },
  };
  const changes = { questionsPerStep: 26, rolloutsPerQuestion: 8, rolloutConcurrency: 512, steps: 2 };
  const given = { ...changes, dynamicSampling: null, batchesAhead: 1 };
  const { metrics } = await trainWith(given, backend);
  expect(metrics).toHaveLength(2);
  expect(most).toBeGreaterThan(200);
}, 120_000);

test.each([
  // Optimiser steps of a batch, the bound, batches ahead that are left of 3.
  [{ miniBatchQuestions: 3 }, 0, 0],
  [{ miniBatchQuestions: 3 }, 1, 1],
  [{ miniBatchQuestions: 3 }, 7, 3],
  [{ miniBatchQuestions: 1 }, 4, 0],
  [{ miniBatchQuestions: 1 }, 5, 1],
  [{ miniBatchQuestions: 1, epochs: 2 }, 11, 1],
] as const)(
  'with %j and maxStaleness %d sampling runs %d batches ahead, and nothing is too old',
  async (changes, maxStaleness, ahead) => {
    const setup = createGateSetup(createEngine(), 3);
    const given = { ...changes, maxStaleness, batchesAhead: 3, questionsPerStep: 3 };
    expect(batchesAhead(setup, checkTrainingConfig({ ...config, ...given }))).toBe(ahead);
    const { metrics } = await trainWith({ ...given, steps: 3 });
    const ages = metrics.flatMap(({ staleness }) => Object.keys(staleness).map(Number));
    // Within its own batch a group may be too old whatever sampling does.
    expect(ahead === 0 || Math.max(...ages) <= maxStaleness).toBe(true);
  },
);

test('an engine that samples and trains in turns refuses to sample ahead; by default it does not', () => {
  const { snapshot: _, ...engine } = createEngine();
  const setup = createGateSetup(engine, 3);
  const elsewhere = { ...createGateSetup(createEngine(), 3), keepsBatches: true };
  expect(batchesAhead(setup, checkTrainingConfig({}))).toBe(0);
  expect(batchesAhead({ ...setup, keepsBatches: true }, checkTrainingConfig({}))).toBe(0);
  expect(batchesAhead(elsewhere, checkTrainingConfig({}))).toBe(1);
  expect(batchesAhead(elsewhere, checkTrainingConfig({ batchesAhead: 0 }))).toBe(0);
  expect(() => batchesAhead(setup, checkTrainingConfig({ batchesAhead: 1 }))).toThrow(
    /Set batchesAhead to 0/,
  );
});

/** What older weights have drawn cannot be drawn again: equal files show that it was replayed. */
test.each([1, 2])(
  'a run that samples %d ahead, left at any of its events, ends as the uninterrupted one, byte for byte',
  async (ahead) => {
    const root = await mkdtemp(join(tmpdir(), 'memagent-batch-queue-'));
    onTestFinished(() => rm(root, { recursive: true }));
    const given = { batchesAhead: ahead };
    const whole = join(root, 'whole');
    const events = await Array.fromAsync(runGate({ out: whole, config: given }));
    const expected = await filesIn(whole);
    for (let at = 1; at < events.length; at += 1) {
      const out = join(root, `left-${at}`);
      let seen = 0;
      for await (const _ of runGate({ out, config: given })) if (++seen === at) break;
      await Array.fromAsync(runGate({ out, config: given, resume: true }));
      expect(await filesIn(out)).toEqual(expected);
    }
  },
  60_000,
);
