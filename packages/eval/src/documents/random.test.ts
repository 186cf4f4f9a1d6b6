import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same key, on every machine', () => {
    const random = createRandom('a key');
    expect(Array.from({ length: 5 }, () => random.between(0, 999))).toEqual([504, 760, 971, 454, 629]);
  });

  it('gives other numbers for another key', () => {
    const [one, other] = ['a', 'b'].map((key) => {
      const random = createRandom(key);
      return Array.from({ length: 20 }, () => random.between(0, 9));
    });
    expect(one).not.toEqual(other);
  });

  it('reaches both ends of a range', () => {
    const random = createRandom('range');
    const seen = new Set(Array.from({ length: 100 }, () => random.between(3, 5)));
    expect([...seen].toSorted()).toEqual([3, 4, 5]);
  });

  it('samples without repetition and leaves the list alone', () => {
    const items = [1, 2, 3, 4, 5];
    const sample = createRandom('sample').sample(items, 3);
    expect(new Set(sample).size).toBe(3);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(createRandom('sample').sample(items, 9).toSorted()).toEqual(items);
  });

  it('shuffles every order about equally often', () => {
    const random = createRandom('orders');
    const counts = new Map<string, number>();
    for (let round = 0; round < 6_000; round++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
