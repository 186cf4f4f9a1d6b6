import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Offer, paretoFront } from './pareto-front.ts';

function offer(cost: number, score: number): Offer {
  return { cost, score };
}

function beats(a: Offer, b: Offer): boolean {
  return a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score);
}

it('keeps what is best for its cost, equals included', () => {
  const offers = [offer(5, 0.9), offer(1, 0.5), offer(2, 0.5), offer(1, 0.4), offer(3, 0.7), offer(3, 0.7)];
  expect(paretoFront(offers)).toEqual([offer(1, 0.5), offer(3, 0.7), offer(3, 0.7), offer(5, 0.9)]);
});

it('leaves out only what a member of the front beats', () => {
  const offers = fc.array(
    fc.record({ cost: fc.integer({ min: 1, max: 9 }), score: fc.integer({ min: 0, max: 9 }) }),
  );
  fc.assert(
    fc.property(offers, (all) => {
      const front = paretoFront(all);
      for (const one of all) expect(front.some((other) => beats(other, one))).toBe(!front.includes(one));
    }),
    { seed: 1 },
  );
});
