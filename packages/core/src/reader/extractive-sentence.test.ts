import { expect, test } from 'vitest';
import { termsOf } from '../text/words.ts';
import { sentencesOf } from './extractive-sentence.ts';

test('the name of a source is no sentence of it, but what its first sentences are about', () => {
  const sentences = sentencesOf('--- from Lighthouse.txt ---\nAda Holm built it.', 1, termsOf);
  expect(sentences.map(({ text }) => text)).toEqual(['Ada Holm built it.']);
  expect(sentences[0]?.topic).toEqual([...termsOf('Lighthouse'), ...termsOf('Ada'), ...termsOf('Holm')]);
});
