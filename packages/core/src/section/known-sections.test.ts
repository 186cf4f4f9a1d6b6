import { expect, test } from 'vitest';
import { chainHash } from './chain-hash.ts';
import { createKnownSections } from './known-sections.ts';

const texts = ['One.', 'Two, three.', 'Four.'];
const starts = [0, 4, 15, 20];

function readAll() {
  const known = createKnownSections();
  let hash = '';
  const hashes = texts.map((text, index) => {
    hash = chainHash(hash, text);
    const [start = 0, end = 0] = starts.slice(index);
    const spans = [{ source: 0, start, end, byteStart: start, byteEnd: end }];
    known.add({ tokens: index + 1, spans, hash });
    return hash;
  });
  return { known, hashes };
}

test('gives the sections back with their tokens and spans', () => {
  const { known } = readAll();
  expect(known.length).toBe(3);
  expect([...known]).toMatchObject(
    texts.map((_, index) => ({
      tokens: index + 1,
      spans: [{ start: starts[index], end: starts[index + 1] }],
    })),
  );
});

test('tells a section that changed, or was not there, by its hash', () => {
  const { known, hashes } = readAll();
  expect(hashes.map((hash, index) => known.hasHash(index + 1, hash))).toEqual([true, true, true]);
  expect(known.hasHash(2, chainHash(hashes[0] ?? '', 'Two, three!'))).toBe(false);
  expect(known.hasHash(1, hashes[1] ?? '')).toBe(false);
  expect([0, 4].map((number) => known.hasHash(number, hashes[0] ?? ''))).toEqual([false, false]);
});
