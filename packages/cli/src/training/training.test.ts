import type { StepMetrics, TrainingEvent, TrainingNoticeCode } from '@memagent/train';
import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { sparkline } from '../format/sparkline.ts';
import { changeConfig } from './change-config.ts';
import { parseStepList } from './parse-step-list.ts';
import { placeLine, rewardLine } from './training-lines.ts';
import { createTrainingNoticeText } from './training-notice-text.ts';
import { createTrainingOutcome, renderOutcome } from './training-outcome.ts';
import { createTrainingProgress } from './training-progress.ts';
import { measureWords, placeWords, rewardWord } from './training-words.ts';

const plain = createColors(false);

function metrics(step: number, changes: Partial<StepMetrics> = {}): StepMetrics {
  return {
    step,
    phase: 'rl',
    reward: step / 100,
    shaped: {},
    penalties: {},
    groupsKept: 14,
    groupsDrawn: 20,
    groupsStale: 0,
    staleness: {},
    rollouts: 160,
    rolloutsFailed: 0,
    conversations: 900,
    actions: 4000,
    actionsPerConversation: 6.12,
    entropy: 1.024,
    clipFraction: 0.0041,
    kl: 0,
    drift: 0.001,
    loss: -0.01,
    gradientNorm: 0.831,
    learningRate: 2e-4,
    optimSteps: step,
    tokensPerSecond: 12_345,
    elapsedMs: step * 2000,
    ...changes,
  };
}

function stepEnd(one: StepMetrics): TrainingEvent {
  const { step, optimSteps, elapsedMs } = one;
  return {
    type: 'step-end',
    metrics: one,
    rollouts: [],
    state: { step, optimSteps, samplePosition: 0, elapsedMs },
  };
}

function progressOf(events: readonly TrainingEvent[]) {
  const progress = createTrainingProgress();
  for (const event of events) progress.apply(event);
  return progress.state();
}

const start: TrainingEvent = { type: 'training-start', step: 0, warmUpSteps: 10, steps: 110 };

test('the time left is that of the present phase, from the steps of this session', () => {
  const warmUp = [1, 2, 3].map((step) => stepEnd(metrics(step, { phase: 'warm-up', elapsedMs: step * 100 })));
  expect(progressOf([start, ...warmUp]).remainingMs).toBe(700);
  const training = [11, 12, 13].map((step) => stepEnd(metrics(step)));
  expect(progressOf([start, ...warmUp, training[0]!]).remainingMs).toBeUndefined();
  expect(progressOf([start, ...warmUp, ...training])).toMatchObject({
    step: 13,
    steps: 110,
    remainingMs: 97 * 2000,
    rewards: [0.11, 0.12, 0.13],
  });
});

test('after the last step no time is left to tell', () => {
  const last = [109, 110].map((step) => stepEnd(metrics(step)));
  expect(progressOf([start, ...last]).remainingMs).toBeUndefined();
});

test('of each kind of notice the first three are shown', () => {
  const text = createTrainingNoticeText(plain);
  const notice = (code: TrainingNoticeCode, step: number) =>
    text({ type: 'notice', code, message: `at\n${step}`, step });
  expect([1, 2, 3, 4].map((step) => notice('groups-missing', step))).toEqual([
    'Note: at 1',
    'Note: at 2',
    'Note: at 3 (More of this kind: metrics.jsonl counts them.)',
    undefined,
  ]);
  expect(notice('rollouts-failed', 5)).toBe('Note: at 5');
  expect(text(start)).toBeUndefined();
});

test('a step in words', () => {
  const state = progressOf([start, stepEnd(metrics(11)), stepEnd(metrics(12))]);
  expect(placeWords(state)).toEqual(['step 12/110', 'ETA 3m 16s', '12.3K tokens/s']);
  expect(rewardWord(metrics(12))).toBe('reward 0.120');
  expect(measureWords(metrics(12, { shaped: { evidence: 0.3 }, penalties: { overlong: -0.25 } }))).toEqual([
    '14/20 groups kept',
    'length 6.1',
    'entropy 1.02',
    'clipped 0.4%',
    'KL 0',
    'gradient 0.83',
    'evidence 0.30',
    'overlong -0.25',
  ]);
  const warmUp = metrics(3, { phase: 'warm-up', entropy: Number.NaN });
  expect([rewardWord(warmUp), ...measureWords(warmUp)]).toEqual([
    'probability 0.030',
    'loss -0.0100',
    'gradient 0.83',
  ]);
});

test('the lines of a terminal say what matters most, and none is too long', () => {
  const events = Array.from({ length: 60 }, (_, index) => stepEnd(metrics(index + 11)));
  const state = progressOf([start, ...events]);
  expect(placeLine(state, 80, plain)).toBe(
    `${'█'.repeat(19)}${'░'.repeat(11)} 63% step 70/110 · ETA 1m 20s · 12.3K tokens/s`,
  );
  expect(rewardLine(state, 30, plain)).toBe('reward 0.700 ▁▂▂▂▃▃▃▃▄▄▄▅▅▅▅▆▆');
  expect(placeLine(state, 12, plain)).toBe('step 70/110');
  for (let width = 14; width <= 120; width += 1) {
    for (const line of [placeLine(state, width, plain), rewardLine(state, width, plain)])
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
  }
});

test('a sparkline has a block for each value, or for as many as it must', () => {
  expect(sparkline([0, 0.5, 1], 10)).toBe('▁▅█');
  expect(sparkline([0, 0, 1, 1], 2)).toBe('▁█');
  expect(sparkline([-1, 2], 5)).toBe('▁█');
  expect(sparkline([], 5)).toBe('');
});

test('the outcome compares the first and the last steps of reinforcement learning', () => {
  const outcome = createTrainingOutcome('mine', '/runs/mine');
  expect(outcome.hasBegun()).toBe(false);
  outcome.apply(start);
  outcome.apply(stepEnd(metrics(10, { phase: 'warm-up', reward: 0.9 })));
  for (let step = 11; step <= 110; step += 1) outcome.apply(stepEnd(metrics(step)));
  outcome.apply({ type: 'checkpoint-saved', step: 110, folder: '/runs/mine/checkpoints/step-000110' });
  const result = outcome.result();
  expect(result).toEqual({
    preset: 'mine',
    out: '/runs/mine',
    steps: 110,
    rewardFirst: expect.closeTo(0.155, 10),
    rewardLast: expect.closeTo(1.055, 10),
    rewardSteps: 10,
    checkpoint: '/runs/mine/checkpoints/step-000110',
    elapsedMs: 220_000,
  });
  expect(renderOutcome(result, 'my runs')).toBe(
    [
      'steps       110 in 3m 40s',
      'reward      0.155 → 1.055, the first and the last 10 steps',
      'checkpoint  /runs/mine/checkpoints/step-000110',
      "page        memagent train report 'my runs'",
      '',
    ].join('\n'),
  );
});

test('--set changes nested settings by their path, and leaves the preset as it is', () => {
  const config = { steps: 5, adam: { learningRate: 1, clipNorm: 2 } };
  const set = ['adam.learningRate=1e-3', 'loss.clipHigh=0.3', 'dynamicSampling=null', 'advantageOn=answer'];
  expect(changeConfig(config, { set, seed: 9, steps: 7 })).toEqual({
    seed: 9,
    steps: 7,
    adam: { learningRate: 1e-3, clipNorm: 2 },
    loss: { clipHigh: 0.3 },
    dynamicSampling: null,
    advantageOn: 'answer',
  });
  expect(config).toEqual({ steps: 5, adam: { learningRate: 1, clipNorm: 2 } });
});

test.each(['epochs', '=2', 'adam.=2', '.epochs=2', 'adam..learningRate=2'])(
  '--set %s is refused',
  (setting) => {
    expect(() => changeConfig({}, { set: [setting] })).toThrow(`--set "${setting}": expected NAME=VALUE`);
  },
);

test('a list of steps', () => {
  const isWanted = parseStepList('1, 5-7');
  expect([0, 1, 2, 4, 5, 6, 7, 8].filter(isWanted)).toEqual([1, 5, 6, 7]);
  for (const text of ['', 'a', '7-5', '1,,2', '-3'])
    expect(() => parseStepList(text)).toThrow('expected steps such as 1,50-60');
});
