import { describe, expect, it } from 'vitest';
import { longestPrefix } from './longest-prefix.ts';

const text = `${'a'.repeat(1000)}${'b'.repeat(1000)}`;

/** The second half is ten times as dense. */
const count = (prefix: string): number =>
  Math.min(prefix.length, 1000) + 10 * Math.max(0, prefix.length - 1000);

describe('longestPrefix', () => {
  it.each([0, 1, 999, 1000, 1009, 1010, 5000, 10_999])('finds the longest with at most %i', (limit) => {
    const expected = limit <= 1000 ? limit : 1000 + Math.floor((limit - 1000) / 10);
    expect(longestPrefix(text, limit, count)).toBe(expected);
  });

  it('stops early within the slack, in few steps', () => {
    let calls = 0;
    const even = (prefix: string): number => (calls++, Math.round(prefix.length * 0.23));
    const found = longestPrefix(text, 300, even, 5);
    expect(Math.round(found * 0.23)).toBeGreaterThanOrEqual(295);
    expect(Math.round(found * 0.23)).toBeLessThanOrEqual(300);
    expect(calls).toBeLessThanOrEqual(4);
  });
});
