import { expect, test } from 'vitest';
import { checkTrainingConfig } from './training-config.ts';

test('fills in the paper\u2019s clip, its aggregation and its advantage, at every level', () => {
  expect(checkTrainingConfig({})).toMatchObject({
    loss: { clipLow: 0.2, clipHigh: 0.28, klWeight: 0, aggregation: 'token-mean' },
    stdDivision: false,
    advantageOn: 'all',
    dynamicSampling: { maxDraws: 4 },
    overlong: null,
    shaped: { evidence: 0, length: 0, gate: 0 },
    warmUp: { steps: 0 },
  });
  expect(checkTrainingConfig({ loss: { clipHigh: 0.2 } }).loss).toMatchObject({
    clipLow: 0.2,
    clipHigh: 0.2,
  });
  expect(checkTrainingConfig({ dynamicSampling: null }).dynamicSampling).toBeNull();
});

test.each([
  [{ steps: -1 }, 'steps'],
  [{ rolloutsPerQuestion: 1 }, 'rolloutsPerQuestion'],
  [{ adam: { learningRate: 0 } }, 'adam.learningRate'],
  [{ loss: { aggregation: 'mean' as never } }, 'loss.aggregation'],
  [{ learningRate: 1 } as never, 'learningRate'],
  [{ overlong: { maxActions: 4, rampActions: 9 } }, 'overlong.rampActions'],
])('refuses %j, naming %s', (config, name) => {
  expect(() => checkTrainingConfig(config)).toThrow(
    expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(name) }),
  );
});
