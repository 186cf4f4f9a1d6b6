import { expect, test } from 'vitest';
import {
  type EvidenceData,
  type EvidenceQuestionRow,
  foldOf,
  loadEvidenceData,
  selectFold,
} from './evidence-data.ts';
import { makeEvidenceDocument, paragraphText } from './evidence-document.ts';

const data: EvidenceData = await loadEvidenceData();
const row = data.questions[0] as EvidenceQuestionRow;
const pool = data.pool.slice(0, 300);

test('the data has the four sets, and nothing twice in the pool', () => {
  expect(data.questions).toHaveLength(1690);
  expect(new Set(data.pool.map(({ text }) => text)).size).toBe(data.pool.length);
  expect(data.questions.every(({ paragraphs }) => paragraphs.some((one) => one.supporting))).toBe(true);
});

test('a document has so many paragraphs, all supporting ones among them', () => {
  const { text, recycled } = makeEvidenceDocument({ row, pool, paragraphs: 60, filtered: true, seed: 's' });
  expect(text.split('\n\n')).toHaveLength(60);
  expect(recycled).toBe(0);
  for (const one of row.paragraphs.filter(({ supporting }) => supporting))
    expect(text).toContain(paragraphText(one));
});

function paragraphsOf(paragraphs: number): string[] {
  return makeEvidenceDocument({ row, pool, paragraphs, filtered: true, seed: 's' })
    .text.split('\n\n')
    .map((paragraph) => paragraph.slice(0, 60));
}

test('a longer document has the paragraphs of a shorter one in the same order', () => {
  const short = paragraphsOf(40);
  const long = paragraphsOf(200);
  expect(long.filter((one) => short.includes(one))).toEqual(short);
});

test('a pool that is used up begins again', () => {
  const request = { row, pool: pool.slice(0, 50), paragraphs: 200, filtered: false, seed: 's' };
  const { text, recycled } = makeEvidenceDocument(request);
  const paragraphs = text.split('\n\n');
  expect(paragraphs).toHaveLength(200);
  expect(recycled).toBe(200 - new Set(paragraphs).size);
});

test('folds share neither questions nor paragraphs', () => {
  const [train, held] = [selectFold(data, 2, 'train'), selectFold(data, 2, 'test')];
  expect(train.questions.length + held.questions.length).toBe(data.questions.length);
  expect(train.pool.length + held.pool.length).toBe(data.pool.length);
  expect(held.pool.every(({ text }) => foldOf(text) === 2)).toBe(true);
  expect(train.questions.some(({ question }) => foldOf(question) === 2)).toBe(false);
});
