import { expect, test } from 'vitest';
import type { Section } from '../section/section.ts';
import type { SourceInfo } from '../source/source.ts';
import { citeAnswer } from './cite-answer.ts';
import { createCitedSections } from './cited-sections.ts';

const book = 'Napoleon crossed the Niemen.  Kutuzov took command in August.\nPierre married Natasha.';
const letters = 'Pierre wrote to Natasha. The weather was cold.';
const title = '--- letters.txt\n';

const sources: SourceInfo[] = [
  { index: 0, name: 'book.pdf', mediaType: 'application/pdf', textFile: 'book' },
  { index: 1, name: 'letters.txt', mediaType: 'text/plain', textFile: 'letters' },
];

/** Section 1 is the beginning of the book, section 2 its rest and, behind a line with its name, the letters. */
const cut = 30;
const sections: Section[] = [
  {
    number: 1,
    tokens: 0,
    text: book.slice(0, cut),
    spans: [
      {
        source: 0,
        start: 0,
        end: cut,
        byteStart: 0,
        byteEnd: cut,
        textStart: 0,
        pages: [{ page: 1, start: 0 }],
      },
    ],
  },
  {
    number: 2,
    tokens: 0,
    text: book.slice(cut) + title + letters,
    spans: [
      {
        source: 0,
        start: cut,
        end: book.length,
        byteStart: cut,
        byteEnd: book.length,
        textStart: 0,
        pages: [
          { page: 1, start: cut },
          { page: 2, start: book.indexOf('Pierre') },
        ],
      },
      {
        source: 1,
        start: 0,
        end: letters.length,
        byteStart: 0,
        byteEnd: letters.length,
        textStart: book.length - cut + title.length,
      },
    ],
  },
];

/** Where the book has this text. */
function at(text: string) {
  const start = book.indexOf(text);
  return { start, end: start + text.length, text };
}

async function cite(answer: string, memory = '', question = 'Who?') {
  const readSection = async (number: number): Promise<Section> => {
    const section = sections[number - 1];
    if (!section) throw new Error(`no section ${number}`);
    return section;
  };
  return citeAnswer({
    answer,
    question,
    memory,
    sections: sections.length,
    cited: createCitedSections(readSection),
    sources,
  });
}

test('leads each mark to source, page, offsets and quoted text, in the order of the answer', async () => {
  const citations = await cite(
    'Pierre married Natasha [2]. Kutuzov took command in August [2]. Napoleon crossed [1].',
  );
  expect(citations).toEqual([
    {
      mark: 2,
      source: 'book.pdf',
      page: 2,
      ...at('Pierre married Natasha.'),
      supported: true,
      sentence: 'Pierre married Natasha.',
    },
    {
      mark: 2,
      source: 'book.pdf',
      page: 1,
      ...at('Kutuzov took command in August.'),
      supported: true,
      sentence: 'Kutuzov took command in August.',
    },
    {
      mark: 1,
      source: 'book.pdf',
      page: 1,
      ...at('Napoleon crossed the Niemen.'),
      supported: true,
      sentence: 'Napoleon crossed.',
    },
  ]);
});

test('quotes from one source only, never from the line that announces it', async () => {
  const [citation] = await cite('Pierre wrote letters to Natasha in the cold [2].');
  const place = { source: 'letters.txt', page: null, text: letters, start: 0, end: letters.length };
  expect(citation).toMatchObject(place);
});

test('reports marks to missing sections and to sections that do not support the sentence', async () => {
  expect(await cite('Bagration took command in August [2]. Kutuzov won [9].')).toEqual([
    expect.objectContaining({ mark: 2, supported: false, text: 'Kutuzov took command in August.' }),
    {
      mark: 9,
      source: '',
      page: null,
      start: 0,
      end: 0,
      text: '',
      supported: false,
      sentence: 'Kutuzov won.',
    },
  ]);
});

test('judges each part of a sentence by its own mark', async () => {
  const citations = await cite('Napoleon crossed the Niemen [1] and Pierre married Natasha [2].');
  expect(citations.map(({ mark, supported }) => [mark, supported])).toEqual([
    [1, true],
    [2, true],
  ]);
});

test('traces an answer without marks through the memory', async () => {
  const memory = 'Kutuzov slept. [1]\nKutuzov took command in August. [2]\nNo mark: Bagration took command.';
  expect(await cite('Kutuzov.', memory, 'Who took command?')).toMatchObject([
    { mark: 2, text: 'Kutuzov took command in August.', supported: true },
  ]);
  expect(await cite('Bagration', memory)).toEqual([]);
  expect(await cite('Kutuzov', '')).toEqual([]);
  expect(await cite('', memory)).toEqual([]);
});
