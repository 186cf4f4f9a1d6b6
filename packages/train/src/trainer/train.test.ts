import { MemagentError } from '@memagent/core';
import { describe, expect, test } from 'vitest';
import type { Datum, TrainingBackend } from '../backend/backend.ts';
import { createGateSetup, gateShape } from '../testing/gate-task.ts';
import { createLinearBackend, type Features } from '../testing/linear-backend.ts';
import type { StepMetrics } from './metrics.ts';
import { train } from './train.ts';
import { checkTrainingConfig, type TrainingConfigInput } from './training-config.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';

const quick: TrainingConfigInput = {
  steps: 2,
  questionsPerStep: 4,
  rolloutsPerQuestion: 6,
  adam: { learningRate: 0.1 },
};

interface Trained {
  events: TrainingEvent[];
  metrics: StepMetrics[];
  backend: TrainingBackend<Features>;
  /** What went into each optimiser step. */
  miniBatches: Datum<Features>[][];
}

/** Trains the gate task; `change` replaces parts of the setup. */
async function trainGate(
  config: TrainingConfigInput = {},
  change: (setup: TrainingSetup<Features>) => Partial<TrainingSetup<Features>> = () => ({}),
): Promise<Trained> {
  const engine = createLinearBackend({ ...gateShape, seed: 3 });
  const miniBatches: Datum<Features>[][] = [];
  const backend: TrainingBackend<Features> = {
    ...engine,
    forwardBackward(data, loss) {
      miniBatches.push([...data]);
      return engine.forwardBackward(data, loss);
    },
  };
  const setup = createGateSetup(backend, 3);
  const events: TrainingEvent[] = [];
  let time = 0;
  for await (const event of train({
    setup: { ...setup, ...change(setup) },
    config: checkTrainingConfig({ ...quick, ...config }),
    now: () => (time += 10),
  })) {
    events.push(event);
  }
  const metrics = events.flatMap((event) => (event.type === 'step-end' ? [event.metrics] : []));
  return { events, metrics, backend, miniBatches };
}

const noticesOf = ({ events }: Trained) => events.filter((event) => event.type === 'notice');

/** What the weights say about every observation: equal for equal weights. */
const probe = (backend: TrainingBackend<Features>) =>
  backend.logprobs([
    { observation: [1, 1, 0, 0], actions: [1, 2, 0] },
    { observation: [0, 0, 1, 1], actions: [2, 1, 0] },
  ]);

test('learns to read from the final answer alone', async () => {
  const { metrics } = await trainGate({ steps: 20, questionsPerStep: 8, miniBatchQuestions: 4 });
  expect(metrics).toHaveLength(20);
  expect(metrics[0]?.reward).toBeLessThan(0.25);
  expect(metrics.at(-1)?.reward).toBeGreaterThan(0.8);
});

test('tells its whole course', async () => {
  const { events } = await trainGate({ warmUp: { steps: 1 }, steps: 1 });
  expect(events.map(({ type }) => type)).toEqual([
    'training-start',
    'step-end',
    'rl-start',
    'step-end',
    'training-end',
  ]);
  expect(events[0]).toEqual({ type: 'training-start', step: 0, warmUpSteps: 1, steps: 2 });
  expect(events.at(-1)).toMatchObject({ state: { step: 2, optimSteps: 2 } });
});

test('the weights depend on the seed, not on how many rollouts run at once', async () => {
  const [wide, narrow] = [await trainGate(), await trainGate({ rolloutConcurrency: 1 })];
  expect(await probe(narrow.backend)).toEqual(await probe(wide.backend));
  const other = await trainGate({ seed: 43 });
  expect(await probe(other.backend)).not.toEqual(await probe(wide.backend));
});

test('draws anew in every batch, for every question and rollout', async () => {
  const { events } = await trainGate(
    { adam: { learningRate: 1e-9 }, dynamicSampling: null, recordGroups: 100 },
    ({ sampleAt }) => ({ sampleAt: () => sampleAt(0) }),
  );
  // All of it reads one sample with the same weights: 2 batches of 4 groups of 6 rollouts.
  const rollouts = events.flatMap((event) => (event.type === 'step-end' ? event.rollouts : []));
  const readings = rollouts.map(({ conversations }) => conversations.map(({ action }) => action).join('|'));
  expect(readings).toHaveLength(48);
  expect(new Set(readings).size).toBeGreaterThan(30);
});

describe('what goes into an optimiser step', () => {
  test('weighs every action 1/N, N counted over the mini-batch', async () => {
    const { miniBatches, metrics } = await trainGate({ steps: 1, miniBatchQuestions: 3 });
    expect(miniBatches).toHaveLength(2);
    for (const data of miniBatches) {
      const n = data.reduce((sum, { actions }) => sum + actions.length, 0);
      expect(new Set(data.map(({ scale }) => scale))).toEqual(new Set([1 / n]));
    }
    const actions = miniBatches.flat().reduce((sum, one) => sum + one.actions.length, 0);
    expect(metrics[0]?.actions).toBe(actions);
  });

  test('has the log-probabilities of the temperature it was sampled at: the first step lies on the policy', async () => {
    const { metrics, miniBatches } = await trainGate({ steps: 1, sampling: { temperature: 0.5 } });
    expect(new Set(miniBatches.flat().map(({ temperature }) => temperature))).toEqual(new Set([0.5]));
    expect(metrics[0]).toMatchObject({ clipFraction: 0, optimSteps: 1 });
    expect(metrics[0]?.drift).toBeCloseTo(0, 12);
    // Of three actions that are about equally likely.
    expect(metrics[0]?.entropy).toBeGreaterThan(0.9);
    expect(metrics[0]?.entropy).toBeLessThanOrEqual(Math.log(3));
  });

  test('sees every group once an epoch, and the ratio moves away from 1', async () => {
    const { miniBatches, metrics } = await trainGate({ steps: 1, epochs: 3, miniBatchQuestions: 2 });
    expect(miniBatches).toHaveLength(6);
    expect(miniBatches[2]).toEqual(miniBatches[0]);
    expect(metrics[0]).toMatchObject({ optimSteps: 6, drift: expect.any(Number) });
    expect(metrics[0]?.drift).toBeGreaterThan(0);
  });

  test('leaves out groups that lie too many steps behind, and counts them', async () => {
    const trained = await trainGate({ steps: 1, epochs: 2, miniBatchQuestions: 2, maxStaleness: 2 });
    // Staleness 0, 1, 2 pass; the last mini-batch of two groups would be 3 behind.
    expect(trained.miniBatches).toHaveLength(3);
    expect(trained.metrics[0]?.groupsStale).toBe(2);
    expect(noticesOf(trained)).toMatchObject([{ code: 'groups-stale', step: 1 }]);
  });

  test('is the answers alone on request', async () => {
    const { miniBatches } = await trainGate({ steps: 1, advantageOn: 'answer' });
    expect(miniBatches.flat().every(({ observation }) => observation[3] === 1)).toBe(true);
  });
});

describe('dynamic sampling', () => {
  test('draws others in place of groups with equal rewards', async () => {
    const { metrics } = await trainGate({ steps: 3 });
    expect(metrics.map(({ groupsKept }) => groupsKept)).toEqual([4, 4, 4]);
    expect(Math.max(...metrics.map(({ groupsDrawn }) => groupsDrawn))).toBeGreaterThan(4);
  });

  test('stops at its bound, trains on what there is, and says so', async () => {
    const trained = await trainGate({ steps: 1, dynamicSampling: { maxDraws: 1 }, rolloutsPerQuestion: 2 });
    const [metrics] = trained.metrics;
    expect(metrics?.groupsDrawn).toBe(4);
    expect(metrics?.groupsKept).toBeLessThan(4);
    expect(noticesOf(trained)).toMatchObject([{ code: 'groups-missing' }]);
  });

  test('makes no optimiser step when no group teaches anything', async () => {
    const trained = await trainGate({ steps: 2, dynamicSampling: { maxDraws: 2 } }, () => ({
      reward: () => 1,
    }));
    expect(trained.miniBatches).toEqual([]);
    expect(
      trained.metrics.map(({ reward, groupsDrawn, groupsKept, optimSteps, loss }) => [
        reward,
        groupsDrawn,
        groupsKept,
        optimSteps,
        loss,
      ]),
    ).toEqual([
      [1, 8, 0, 0, 0],
      [1, 8, 0, 0, 0],
    ]);
    expect(noticesOf(trained)[0]).toMatchObject({
      message: '0 of 4 groups with unequal rewards after 8 were drawn. No optimiser step was made.',
    });
  });

  test('keeps every group when it is switched off', async () => {
    const { metrics } = await trainGate({ steps: 1, dynamicSampling: null });
    expect(metrics[0]).toMatchObject({ groupsDrawn: 4, groupsKept: 4 });
  });
});

describe('rewards', () => {
  test('the reported one is the task\u2019s, over all rollouts, without penalties', async () => {
    const { metrics, events } = await trainGate({
      steps: 1,
      overlong: { maxActions: 2, rampActions: 1, weight: 0.5 },
      shaped: { gate: 0.1 },
    });
    const step = events.find((event) => event.type === 'step-end');
    const rollouts = step?.type === 'step-end' ? step.rollouts : [];
    expect(rollouts.some(({ reward }) => (reward.penalties['overlong'] ?? 0) < 0)).toBe(true);
    expect(metrics[0]?.penalties['overlong']).toBeLessThan(0);
    expect(metrics[0]?.shaped['gate']).toBeGreaterThan(0);
    expect(metrics[0]?.reward).toBeGreaterThanOrEqual(0);
  });

  test('advantages of a recorded group add up to 0, and rollouts read conversation by conversation', async () => {
    const { events } = await trainGate({ steps: 1, recordGroups: 100 });
    const step = events.find((event) => event.type === 'step-end');
    const rollouts = step?.type === 'step-end' ? step.rollouts : [];
    for (const group of Map.groupBy(rollouts, (one) => one.group).values()) {
      expect(group).toHaveLength(6);
      expect(group.reduce((sum, { advantage }) => sum + advantage, 0)).toBeCloseTo(0, 10);
    }
    const conversations = rollouts[0]?.conversations ?? [];
    expect(conversations.map((one) => one.step)).toEqual([
      ...conversations.slice(1).map((_, index) => `update/${index + 1}`),
      'answer',
    ]);
    expect(conversations.map(({ isAnswer }) => isAnswer)).toEqual(
      conversations.map((_, index) => index === conversations.length - 1),
    );
  });
});

/** A workflow of which every so manieth rollout fails. */
const failing =
  (code: 'model-failed' | 'model-unavailable' | 'unexpected', every: number) =>
  (setup: TrainingSetup<Features>) => {
    let count = 0;
    return {
      workflow: async (input: Parameters<NonNullable<typeof setup.workflow>>[0]) => {
        count += 1;
        if (count % every === 0) throw new MemagentError('The server is gone.', { code });
        return setup.workflow!(input);
      },
    };
  };

describe('rollouts that fail', () => {
  test('count as reward 0, are told, and are not trained on', async () => {
    const trained = await trainGate({ steps: 1, dynamicSampling: null }, failing('model-failed', 2));
    expect(trained.metrics[0]).toMatchObject({ rollouts: 24, rolloutsFailed: 12 });
    expect(noticesOf(trained)).toMatchObject([
      { code: 'rollouts-failed', message: expect.stringContaining('12 rollouts failed') },
    ]);
    const whole = await trainGate({ steps: 1, dynamicSampling: null }, (setup) => ({
      ...failing('model-failed', 2)(setup),
      reward: () => 1,
    }));
    expect(whole.metrics[0]?.reward).toBe(0.5);
  });

  test('stop the training when all of them do, when the engine refuses model or key, or when it is a bug', async () => {
    await expect(trainGate({}, failing('model-failed', 1))).rejects.toMatchObject({ code: 'model-failed' });
    for (const code of ['model-unavailable', 'unexpected'] as const) {
      await expect(trainGate({}, failing(code, 5))).rejects.toMatchObject({ code });
    }
  });
});

describe('warm-up', () => {
  test('imitates demonstrations, and reports the probability of what is to be learned', async () => {
    const { metrics } = await trainGate({ warmUp: { steps: 30, learningRate: 0.1 }, steps: 1 });
    expect(metrics.map(({ phase }) => phase)).toEqual([...Array.from({ length: 30 }, () => 'warm-up'), 'rl']);
    expect(metrics[0]?.reward).toBeLessThan(0.5);
    expect(metrics[29]?.reward).toBeGreaterThan(0.8);
    expect(metrics[30]?.reward).toBeGreaterThan(0.7);
  });

  test('follows a schedule of its own', async () => {
    const { metrics } = await trainGate({
      warmUp: { steps: 3, learningRate: 0.3, schedule: { kind: 'linear' } },
      adam: { learningRate: 0.01 },
      steps: 2,
      schedule: { warmUpSteps: 2 },
    });
    const rates = metrics.map(({ learningRate }) => Number(learningRate.toFixed(6)));
    expect(rates).toEqual([0.3, 0.15, 0, 0.005, 0.01]);
  });

  test('says once that an engine keeps no mean of weights', async () => {
    const trained = await trainGate({ warmUp: { steps: 2, average: { from: 1, every: 1 } }, steps: 1 });
    expect(noticesOf(trained).filter(({ code }) => code === 'no-average')).toMatchObject([{ step: 1 }]);
  });

  test('needs demonstrations', async () => {
    const training = trainGate({ warmUp: { steps: 1 } }, () => ({ demonstrationsAt: undefined as never }));
    await expect(training).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

const trainWithKl = (klWeight: number) =>
  trainGate({ steps: 6, loss: { klWeight } }, () => ({
    reference: createLinearBackend({ ...gateShape, seed: 3 }),
  }));

test('a KL term keeps the policy nearer to its reference', async () => {
  const [free, held] = [await trainWithKl(0), await trainWithKl(1)];
  expect(free.metrics.map(({ kl }) => kl)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(held.metrics[0]?.kl).toBeCloseTo(0, 6);
  expect(held.metrics.at(-1)?.kl).toBeGreaterThan(0);
  const start = (await probe(createLinearBackend({ ...gateShape, seed: 3 }))).flat();
  const distance = async ({ backend }: Trained): Promise<number> =>
    (await probe(backend)).flat().reduce((sum, value, index) => sum + Math.abs(value - start[index]!), 0);
  expect(await distance(held)).toBeLessThan(await distance(free));
});

describe('what is not finite stops the training before a weight is spoilt', () => {
  test.each<[string, (setup: TrainingSetup<Features>) => Partial<TrainingSetup<Features>>]>([
    ['a reward', () => ({ reward: () => Number.NaN })],
    [
      'a loss',
      ({ policy }) => ({
        policy: {
          ...policy,
          backend: {
            ...policy.backend,
            forwardBackward: async (data, loss) => ({
              ...(await policy.backend.forwardBackward(data, loss)),
              loss: Number.NaN,
            }),
          },
        },
      }),
    ],
    [
      'a log-probability at sampling',
      ({ policy }) => ({
        policy: {
          ...policy,
          createReader: (rollout) =>
            policy.createReader({
              ...rollout,
              record: (one) => rollout.record({ ...one, logprobs: one.logprobs.map(() => -Infinity) }),
            }),
        },
      }),
    ],
  ])('%s', async (_, change) => {
    let policy: TrainingSetup<Features>['policy'] | undefined;
    const training = trainGate({}, (setup) => {
      policy = setup.policy;
      return change(setup);
    });
    await expect(training).rejects.toMatchObject({ code: 'not-finite' });
    expect(await probe(policy!.backend)).toEqual(await probe(createLinearBackend({ ...gateShape, seed: 3 })));
  });
});

test('an abort surfaces as its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const setup = createGateSetup(createLinearBackend({ ...gateShape, seed: 3 }), 3);
  const config = checkTrainingConfig(quick);
  const run = async (): Promise<void> => {
    for await (const event of train({ setup, config, signal: controller.signal })) {
      if (event.type === 'step-end') controller.abort(reason);
    }
  };
  await expect(run()).rejects.toBe(reason);
});
