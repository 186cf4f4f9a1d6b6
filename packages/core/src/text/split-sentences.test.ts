import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitSentences } from './split-sentences.ts';

function sentences(text: string): string[] {
  return splitSentences(text).map(({ start, end }) => text.slice(start, end));
}

describe('splitSentences', () => {
  test.each([
    ['plain', 'It rained. We stayed! Why? ', ['It rained. ', 'We stayed! ', 'Why? ']],
    ['titles', 'Mr. Smith met Dr. Watson. They left.', ['Mr. Smith met Dr. Watson. ', 'They left.']],
    ['initials', 'J. R. R. Tolkien wrote it. So what?', ['J. R. R. Tolkien wrote it. ', 'So what?']],
    ['an acronym within', 'He joined the U.S. Army. He left.', ['He joined the U.S. Army. ', 'He left.']],
    ['an acronym at the end', 'He left the U.S. The end.', ['He left the U.S. ', 'The end.']],
    ['a number after No.', 'See No. 5. No. I will not.', ['See No. 5. ', 'No. ', 'I will not.']],
    ['a title line', 'War and Peace\nIt begins.', ['War and Peace\n', 'It begins.']],
    ['CRLF and blank lines', 'One.\r\n\r\nTwo', ['One.\r\n\r\n', 'Two']],
    ['white space first', ' \n\nOne.', [' \n\nOne.']],
    ['Chinese', '他来了。她走了。', ['他来了。', '她走了。']],
    ['nothing', '', []],
  ])('%s', (_name, text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  test('joins lines that were wrapped to a width, with either line end', () => {
    const wrapped =
      'He was an aide-de-camp of Kutuzov and will be here\ntonight. She said that the prince would come to the\nsoiree.';
    expect(sentences(wrapped)).toEqual([wrapped.slice(0, 60), wrapped.slice(60)]);
    const crlf = wrapped.replaceAll('\n', '\r\n');
    expect(sentences(crlf)).toEqual([crlf.slice(0, 61), crlf.slice(61)]);
  });

  test('keeps apart lines that had room for more', () => {
    const list = 'Apples\nPears\nA line that is longer than forty characters by far';
    expect(sentences(list)).toHaveLength(3);
  });

  test.each([
    'The lighthouse at Cape Brenn was built by Ada Holm in 1874.\n--- from b.txt ---\nIt was repaired.',
    '--- from a-folder/with/a/long/name/of/a/file.txt ---\nThe lighthouse is old.',
    '{"text": "The lighthouse was built by Ada Holm"}\n{"text": "It was repaired by Jonas Reed in 1901"}',
    'A row of words that goes on and on without an end\n| a table | of two columns |\n| and its | second line |',
  ])('never joins a line that stands for itself to another: %j', (text) => {
    expect(sentences(text)).toEqual(text.split(/(?<=\n)/));
  });

  test('the spans join to the text, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'Mr. ',
        'A. ',
        'U.S. ',
        '\r\n',
        '\n',
        '\n\n',
        '. ',
        'The ',
        '\uD800',
        '\uDC00',
        '\u2029',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(sentences(text).join('')).toBe(text);
      }),
      { seed: 1 },
    );
  });
});
