import { expect, test } from 'vitest';
import { evidenceSentences, plainText } from './evidence-sentence.ts';
import { createLexicon } from './term-hash.ts';

const lexicon = createLexicon();
const termOf = (word: string): number => lexicon(word)[0] ?? 0;

test('a paragraph is about its title, or else about the first name in it', () => {
  const text = 'Document 7:\nMira Kessler\nShe was a sculptor.\n\nAnders Holm built boats. He was old.\n\n';
  const sentences = evidenceSentences(text, 1, lexicon);
  const headings = sentences.map(({ heading, place }) => [place, heading]);
  const kessler = [termOf('Mira'), termOf('Kessler')];
  const holm = [termOf('Anders'), termOf('Holm')];
  expect(headings).toEqual([
    [0, [termOf('Document'), termOf('7')]],
    [1, kessler],
    [2, kessler],
    [0, holm],
    [1, holm],
  ]);
  expect(new Set(sentences.map(({ paragraph }) => paragraph)).size).toBe(2);
});

test('the name of a source is no sentence of it, but what its first sentences are about', () => {
  const sentences = evidenceSentences('--- from Lighthouse ---\nAda Holm built it.', 1, lexicon);
  expect(sentences.map(plainText)).toEqual(['Ada Holm built it.']);
  expect(sentences[0]?.topic).toContain(termOf('Lighthouse'));
});

test('joins to the text but for white space', () => {
  const text = `One  sentence here. ${'A very long clause, and more; '.repeat(40)}\n\nThe end of it.`;
  const plain = evidenceSentences(text, 1, lexicon).map(plainText).join(' ');
  expect(plain).toBe(text.trim().replaceAll(/\s+/g, ' '));
});

test('knows the sentence before within a paragraph only', () => {
  const [first, second, third] = evidenceSentences(
    'Holm built boats. He sold them.\n\nIt rained.',
    1,
    lexicon,
  );
  expect(first?.before).toEqual([]);
  expect(second?.before).toEqual(first?.terms);
  expect(third?.before).toEqual([]);
});
