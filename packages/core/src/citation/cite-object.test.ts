import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import type { Section } from '../section/section.ts';
import { createCitedSections } from './cited-sections.ts';
import { citeObject } from './cite-object.ts';

const texts = ['Ada Holm built the lighthouse.', 'It was finished in 1874.', 'Bo Berg kept it.'];
const sections = texts.map((text, index): Section => ({
  number: index + 1,
  tokens: 0,
  text,
  spans: [
    { source: 0, start: 100 * index, end: 100 * index + text.length, byteStart: 0, byteEnd: 0, textStart: 0 },
  ],
}));
const cite = (object: Json, more: { memory?: string; passages?: { mark: number; text: string }[] } = {}) =>
  citeObject({
    object,
    question: 'Who built the lighthouse, and when?',
    memory: '',
    passages: [],
    sections: sections.length,
    cited: createCitedSections(async (number) => sections[number - 1]!),
    sources: [{ index: 0, name: 'book.txt', mediaType: 'text/plain', textFile: 'book' }],
    ...more,
  });
const memory = 'Ada Holm built the lighthouse. [1] It was finished in 1874. [2]';

test('leads values back through the memory, with their places as JSON Pointers', async () => {
  const citations = await cite(
    { builder: { 'first/last': 'Ada Holm' }, years: [1874], open: true, end: null },
    { memory },
  );
  expect(citations.map(({ field, mark, start, supported }) => [field, mark, start, supported])).toEqual([
    ['/builder/first~1last', 1, 0, true],
    ['/years/0', 2, 100, true],
  ]);
  expect(citations[0]).toMatchObject({ sentence: '/builder/first~1last: Ada Holm', text: texts[0] });
});

test('leads values back to the passage that bears them out best', async () => {
  const passages = texts.map((text, index) => ({ mark: index + 1, text }));
  const citations = await cite({ keeper: 'Bo Berg', year: 1874 }, { passages });
  expect(citations.map(({ field, mark }) => [field, mark])).toEqual([
    ['/keeper', 3],
    ['/year', 2],
  ]);
});

test('takes the marks that a value ends in, and says which are wrong', async () => {
  const citations = await cite(
    { keeper: 'Bo Berg [3].', builder: 'Ada Holm [2]', list: 'item[1]' },
    { memory },
  );
  expect(citations.map(({ field, mark, supported }) => [field, mark, supported])).toEqual([
    ['/keeper', 3, true],
    ['/builder', 2, false],
  ]);
});

test('a bare value has no field, and one that nothing bears out no citation', async () => {
  expect(await cite('Ada Holm', { memory })).toMatchObject([{ field: '', sentence: 'Ada Holm', mark: 1 }]);
  expect(await cite({ keeper: 'Cem', note: ' ' }, { memory })).toEqual([]);
});
