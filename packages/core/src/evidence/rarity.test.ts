import { expect, test } from 'vitest';
import { blendRarity, rarityOf, sketchRarity } from './rarity.ts';
import { hashTerm } from './term-hash.ts';

const [common, some, rare, unknown] = ['common', 'some', 'rare', 'unknown'].map(hashTerm) as [
  number,
  number,
  number,
  number,
];
const sketch = sketchRarity(
  Array.from({ length: 1000 }, (_, index) => [
    common,
    ...(index % 10 === 0 ? [some] : []),
    ...(index === 0 ? [rare] : []),
  ]),
);

test('is the logarithm of how few sentences hold a term, in steps of a twentieth', () => {
  expect(rarityOf(common, sketch)).toBeCloseTo(0, 1);
  expect(rarityOf(some, sketch)).toBeCloseTo(Math.log(1001 / 100.5), 1);
  expect(rarityOf(rare, sketch)).toBeCloseTo(Math.log(1001 / 1.5), 1);
  expect(rarityOf(unknown, sketch)).toBeCloseTo(Math.log(1001 / 0.5), 1);
});

test('gives way to the document as that is read', () => {
  const prior = rarityOf(rare, sketch);
  expect(blendRarity(prior, 0, 0)).toBeCloseTo(prior, 0);
  expect(blendRarity(prior, 50_000, 100_000)).toBeCloseTo(Math.log(2), 1);
  expect(blendRarity(0, 1_000_001, 1_000_000)).toBe(0);
});
