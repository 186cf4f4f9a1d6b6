import { expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createPairs, loadVocabulary } from './vocabulary.ts';

it('has single words in small letters, each once', async () => {
  const { words, nouns, adjectives } = await loadVocabulary();
  expect(words).toHaveLength(8034);
  expect(new Set(words).size).toBe(words.length);
  expect([nouns.length, adjectives.length]).toEqual([6663, 900]);
  expect(words.filter((word) => !/^[a-z]{2,}$/.test(word))).toEqual([]);
});

it('gives each pair once before any comes again', async () => {
  const small = { words: [], adjectives: ['red', 'green', 'blue'], nouns: ['lamp', 'door', 'ship', 'tree'] };
  const pairs = createPairs(small, createRandom('pairs'));
  const first = Array.from({ length: 12 }, (_, index) => pairs(index));
  expect(new Set(first).size).toBe(12);
  expect(pairs(12)).toBe(first[0]);
});
