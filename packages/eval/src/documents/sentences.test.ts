import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sentencesOf } from './sentences.ts';

it.each([
  ['It rained. We stayed!\nWhy? ', ['It rained.', 'We stayed!', 'Why?']],
  ['Mr. Pip met J. Gargery. They\nleft.', ['Mr. Pip met J. Gargery.', 'They left.']],
  ['  \n ', []],
  ['他来了。她走了。', ['他来了。', '她走了。']],
])('%j', (text, sentences) => {
  expect(sentencesOf(text)).toEqual(sentences);
});

it('cuts what is too long at spaces, or anywhere but inside a character', () => {
  expect(sentencesOf('word '.repeat(300)).map(({ length }) => length)).toEqual([999, 499]);
  const whole = sentencesOf(`a${'😀'.repeat(1_000)}`);
  expect(whole.every((part) => part.isWellFormed() && part.length <= 1_000)).toBe(true);
});

it('loses nothing but white space', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(sentencesOf(text).join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    }),
    { seed: 1 },
  );
});
