import { expect, test } from 'vitest';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { divideSection } from './divide-section.ts';
import type { Section } from './section.ts';

/** A token for each character. */
const characters: Tokenizer = {
  name: 'characters',
  exact: true,
  count: (text) => text.length,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + content.length, 0),
};

const section: Section = {
  number: 7,
  tokens: 25,
  text: '-- a --\nÄb cd.\n-- b --\nef',
  spans: [
    {
      source: 0,
      start: 100,
      end: 107,
      byteStart: 200,
      byteEnd: 208,
      textStart: 8,
      pages: [
        { page: 1, start: 90 },
        { page: 2, start: 103 },
      ],
    },
    { source: 1, start: 0, end: 2, byteStart: 0, byteEnd: 2, textStart: 23 },
  ],
};

test('a section that fits stays whole', () => {
  expect(divideSection(section, 25, characters)).toEqual([section]);
});

test('one that does not is given in two, each with its own part of the spans', () => {
  const [first, rest] = divideSection(section, 9, characters);
  expect(first).toEqual({
    number: 7,
    tokens: 8,
    text: '-- a --\n',
    spans: [],
  });
  expect(rest && divideSection(rest, 4, characters)).toEqual([
    {
      number: 7,
      tokens: 4,
      text: 'Äb c',
      spans: [
        {
          source: 0,
          start: 100,
          end: 104,
          byteStart: 200,
          byteEnd: 205,
          textStart: 0,
          pages: [
            { page: 1, start: 90 },
            { page: 2, start: 103 },
          ],
        },
      ],
    },
    {
      number: 7,
      tokens: 13,
      text: 'd.\n-- b --\nef',
      spans: [
        {
          source: 0,
          start: 104,
          end: 107,
          byteStart: 205,
          byteEnd: 208,
          textStart: 0,
          pages: [{ page: 2, start: 103 }],
        },
        { source: 1, start: 0, end: 2, byteStart: 0, byteEnd: 2, textStart: 11 },
      ],
    },
  ]);
});

test('where nothing fits, it says so', () => {
  expect(() => divideSection(section, 0, characters)).toThrow(
    expect.objectContaining({
      code: 'window-too-small',
      message: expect.stringMatching(/Section 7 .* 0 tokens/),
    }),
  );
});
