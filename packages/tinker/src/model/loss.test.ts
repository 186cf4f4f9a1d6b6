import { describe, expect, it } from 'vitest';
import { toWireLoss, type Loss } from './loss.ts';

describe('toWireLoss', () => {
  it.each<[Loss, string, object | undefined]>([
    [{ name: 'cross_entropy' }, 'cross_entropy', undefined],
    [{ name: 'importance_sampling' }, 'importance_sampling', undefined],
    [{ name: 'ppo' }, 'ppo', undefined],
    [
      { name: 'ppo', clipLowThreshold: 0.8, clipHighThreshold: 1.28 },
      'ppo',
      { clip_low_threshold: 0.8, clip_high_threshold: 1.28 },
    ],
    [{ name: 'cispo', clipHighThreshold: 5 }, 'cispo', { clip_high_threshold: 5 }],
    [{ name: 'gspo', clipLowThreshold: 0 }, 'gspo', { clip_low_threshold: 0 }],
    [{ name: 'dro', beta: 0.05 }, 'dro', { beta: 0.05 }],
    [
      { name: 'other', lossFn: 'dppo', config: { delta_low: 0.1, kind: 'tv' } },
      'dppo',
      { delta_low: 0.1, kind: 'tv' },
    ],
  ])('writes %j', (loss, lossFn, config) => {
    expect(toWireLoss(loss)).toEqual({ lossFn, config });
  });

  it.each<Loss>([
    { name: 'ppo', clipHighThreshold: 0.28 },
    { name: 'ppo', clipLowThreshold: -0.2 },
    { name: 'dro', beta: Number.NaN },
  ])('refuses %j', (loss) => {
    expect(() => toWireLoss(loss)).toThrow(/thresholds are absolute ratios|beta of dro is NaN/);
  });
});
