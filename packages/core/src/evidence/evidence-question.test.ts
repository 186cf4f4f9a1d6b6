import { expect, test } from 'vitest';
import { countBits, parseEvidenceQuestion } from './evidence-question.ts';
import { createLexicon } from './term-hash.ts';

const lexicon = createLexicon();

test('knows its terms, which are names, and which follow one another', () => {
  const question = parseEvidenceQuestion('When was the film Dark Harbour made?', lexicon);
  const bitOf = (word: string): number => question.bits.get(lexicon(word)[0] ?? 0) ?? -1;
  expect(question.terms).toHaveLength(4);
  expect(question.names).toBe((1 << bitOf('Dark')) | (1 << bitOf('Harbour')));
  expect(question.followers[bitOf('Dark')]).toBe(1 << bitOf('Harbour'));
  expect(question.wanted).toBe('time');
  expect(Math.hypot(...question.bag)).toBeCloseTo(1, 5);
});

test('takes as many terms as a mask has bits', () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}x`).join(' ');
  const question = parseEvidenceQuestion(words, lexicon);
  expect(question.terms).toHaveLength(31);
  expect(question.followers).toHaveLength(31);
});

test.each([
  [0, 0],
  [0b1011, 3],
  [-1, 32],
])('%i has %i bits', (mask, bits) => {
  expect(countBits(mask)).toBe(bits);
});
