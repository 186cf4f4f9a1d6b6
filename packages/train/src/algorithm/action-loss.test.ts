import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Loss } from '../backend/backend.ts';
import { actionLoss, k3, type ScoredAction } from './action-loss.ts';

const clip: Loss = { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0 };

/** An action whose ratio is `ratio`. */
function actionAt(ratio: number, advantage: number, scale = 0.1): ScoredAction {
  return { logprob: Math.log(0.4), oldLogprob: Math.log(0.4 / ratio), advantage, scale };
}

test.each([
  // ratio, advantage, loss / scale, gradient / scale, clipped
  [1, 0.5, -0.5, -0.5, false],
  [1, -0.5, 0.5, 0.5, false],
  [1.2, 1, -1.2, -1.2, false],
  [1.5, 1, -1.28, 0, true],
  [1.5, -1, 1.5, 1.5, false],
  [0.5, 1, -0.5, -0.5, false],
  [0.5, -1, 0.8, 0, true],
  [0.9, -1, 0.9, 0.9, false],
  [3, 0, 0, 0, false],
])('at ratio %d and advantage %d', (ratio, advantage, loss, gradient, isClipped) => {
  const found = actionLoss(actionAt(ratio, advantage), clip);
  expect(found.loss).toBeCloseTo(loss * 0.1, 12);
  expect(found.gradient).toBeCloseTo(gradient * 0.1, 12);
  expect(found.isClipped).toBe(isClipped);
});

test('the KL term is k3 against the reference, with its own gradient', () => {
  const found = actionLoss(
    { ...actionAt(1, 0), referenceLogprob: Math.log(0.2) },
    { ...clip, klWeight: 0.5 },
  );
  // d = log 0.2 - log 0.4 = -log 2; exp(d) - d - 1 = 0.5 + log 2 - 1; d/dlogprob = 1 - exp(d) = 0.5.
  expect(found.kl).toBeCloseTo(Math.log(2) - 0.5, 12);
  expect(found.loss).toBeCloseTo(0.1 * 0.5 * (Math.log(2) - 0.5), 12);
  expect(found.gradient).toBeCloseTo(0.1 * 0.5 * 0.5, 12);
});

test('cross-entropy is the weighted negative log-probability', () => {
  expect(actionLoss(actionAt(1.7, 1), { kind: 'cross-entropy' })).toEqual({
    loss: -0.1 * Math.log(0.4),
    gradient: -0.1,
    isClipped: false,
    kl: 0,
    drift: 0,
  });
});

test('k3 is zero at equality and never negative', () => {
  expect(k3(0)).toBe(0);
  fc.assert(
    fc.property(fc.double({ min: -20, max: 5, noNaN: true }), (d) => {
      expect(k3(d)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('the gradient is the derivative of the loss', () => {
  const logprob = fc.double({ min: -6, max: -0.1, noNaN: true });
  fc.assert(
    fc.property(
      logprob,
      logprob,
      logprob,
      fc.double({ min: -2, max: 2, noNaN: true }),
      (now, old, ref, advantage) => {
        const at = (shift: number) =>
          actionLoss(
            { logprob: now + shift, oldLogprob: old, referenceLogprob: ref, advantage, scale: 1 },
            { ...clip, klWeight: 0.1 },
          );
        const ratio = Math.exp(now - old);
        // Away from the corners of the clip, and where the ratio is not astronomic.
        fc.pre(Math.abs(ratio - 0.8) > 1e-3 && Math.abs(ratio - 1.28) > 1e-3 && ratio < 50);
        const slope = (at(1e-5).loss - at(-1e-5).loss) / 2e-5;
        expect(Math.abs(at(0).gradient - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
      },
    ),
  );
});
