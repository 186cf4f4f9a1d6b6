import { describe, expect, it } from 'vitest';
import { openModel } from '../testing/open-fixture.ts';
import type { Clipping } from '../testing/fixture-engine.ts';
import { checkClipThresholds } from './check-clip-thresholds.ts';

const check = async (clipping: Clipping) => {
  const { model, server } = await openModel({ clipping });
  const thresholds = { clipLowThreshold: 0.8, clipHighThreshold: 1.28 };
  return {
    ...(await checkClipThresholds(model, thresholds, { sequence: [5, 6, 7] })),
    model: server.models.get('m0'),
  };
};

describe('checkClipThresholds', () => {
  it('finds them kept', async () => {
    const { status, low, high, model } = await check('honours');
    expect([status, low?.toFixed(3), high?.toFixed(3)]).toEqual(['honoured', '0.800', '1.280']);
    expect(model).toMatchObject({ weight: 0, gradient: 0 });
  });
  it('finds a server that has its own', async () => {
    const { status, message } = await check('fixes');
    expect([status, message]).toEqual([
      'ignored',
      'asked for ratios from 0.8 to 1.28, the server used 0.800 to 1.200',
    ]);
  });
  it('finds a server that does not clip', async () => {
    const { status, low, high } = await check('ignores');
    expect([status, low?.toFixed(2), high?.toFixed(2)]).toEqual(['ignored', '0.25', '4.00']);
  });
  it('says when the server shows no loss', async () => {
    expect(await check('hides')).toMatchObject({ status: 'unknown', low: undefined, high: undefined });
  });
});
