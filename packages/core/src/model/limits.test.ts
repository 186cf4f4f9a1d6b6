import { expect, test, vi } from 'vitest';
import { createLimits } from './limits.ts';

const signal = new AbortController().signal;

test('no more calls in flight than the limit', async () => {
  const limits = createLimits({ concurrency: 3 });
  let inFlight = 0;
  let peak = 0;
  const call = async (): Promise<void> => {
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => limits.run(call, { tokens: 1, signal })));
  expect(peak).toBe(3);
});

test('a call past the requests of a minute waits for its share', async () => {
  vi.useFakeTimers();
  try {
    const limits = createLimits({ requestsPerMinute: 2 });
    const done: number[] = [];
    const calls = [1, 2, 3].map((n) => limits.run(async () => done.push(n), { tokens: 1, signal }));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(done).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(done).toEqual([1, 2, 3]);
    await Promise.all(calls);
  } finally {
    vi.useRealTimers();
  }
});

test('tokens per minute hold, and a call larger than all of them still goes out', async () => {
  vi.useFakeTimers();
  try {
    const limits = createLimits({ tokensPerMinute: 1000 });
    const done: string[] = [];
    void limits.run(async () => done.push('huge'), { tokens: 50_000, signal });
    void limits.run(async () => done.push('small'), { tokens: 500, signal });
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toEqual(['huge']);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(done).toEqual(['huge', 'small']);
  } finally {
    vi.useRealTimers();
  }
});

test('an abort ends the wait at once, with its own reason', async () => {
  const limits = createLimits({ requestsPerMinute: 1 });
  await limits.run(async () => {}, { tokens: 1, signal });
  const controller = new AbortController();
  const waiting = limits.run(async () => {}, { tokens: 1, signal: controller.signal });
  const reason = new Error('the user left');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test.each([{ concurrency: 0 }, { requestsPerMinute: -1 }, { tokensPerMinute: Number.NaN }])(
  'refuses %j',
  (options) => {
    expect(() => createLimits(options)).toThrow(/must be a positive number, received/);
  },
);
