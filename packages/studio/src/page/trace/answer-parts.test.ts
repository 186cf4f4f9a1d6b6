import type { Citation } from '@memagent/core';
import { expect, test } from 'vitest';
import { findItems } from '../components/find-items.ts';
import { partsOfAnswer } from './answer-parts.ts';

const citation = (mark: number, sentence: string, supported: boolean): Citation => ({
  mark,
  sentence,
  supported,
  source: 'a',
  page: null,
  start: 0,
  end: 1,
  text: 'x',
});

test('each sentence of an answer is told by its citations, and the parts join to the answer', () => {
  const answer = 'Ada Holm\nbuilt it [1] in 1874. [2] It burned. [3] Nobody knows why.';
  const parts = partsOfAnswer(answer, [
    citation(1, 'Ada Holm built it in 1874.', false),
    citation(2, 'Ada Holm built it in 1874.', true),
    citation(3, 'It burned.', false),
  ]);
  const text = (index: number): string => parts[index]?.pieces.map((piece) => piece.text).join('') ?? '';
  expect(parts.map((_, index) => text(index)).join('')).toBe(answer);
  const said = parts
    .filter(({ support }) => support !== 'none')
    .map(({ support }, index) => [support, index]);
  expect(said.map(([support]) => support)).toEqual(['supported', 'unsupported', 'uncited']);
  expect(text(0)).toBe('Ada Holm\nbuilt it [1] in 1874. [2]');
});

test('a citation whose sentence does not stand in the answer leaves the answer whole', () => {
  const parts = partsOfAnswer('Yes.', [citation(1, 'No.', true)]);
  expect(parts).toMatchObject([{ support: 'uncited', citations: [] }]);
});

test('the texts of a page that hold a quote are found across their borders', () => {
  expect(findItems(['The light', 'house at ', 'Cape Brenn', '.'], 'lighthouse at\nCape')).toEqual([0, 1, 2]);
  expect(findItems(['a', 'b'], 'c')).toEqual([]);
  expect(findItems(['a'], '')).toEqual([]);
});
