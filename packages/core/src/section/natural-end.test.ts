import { describe, expect, it } from 'vitest';
import { naturalEnd, wholeEnd } from './natural-end.ts';

/** Cuts at the best place, shown by a bar. */
const shown = (text: string, from = 0, to = text.length, breaks: number[] = []): string => {
  const end = naturalEnd(text, from, to, breaks);
  return `${text.slice(0, end)}|${text.slice(end)}`;
};

describe('naturalEnd', () => {
  it.each([
    ['One. Two.\n\n  Three. Four', 'One. Two.\n\n|  Three. Four'],
    ['One.\r\n\r\nTwo. Three', 'One.\r\n\r\n|Two. Three'],
    ['One.\n \t\n\nTwo', 'One.\n \t\n\n|Two'],
    ['One. Two three', 'One. |Two three'],
    ['“One?” Two three', '“One?” |Two three'],
    ['He met Mr. Smith and J. Doe', 'He met Mr. Smith and J. |Doe'],
    ['See e.g. this one', 'See e.g. this |one'],
    ['一。二、三', '一。|二、三'],
    ['「一。」二、三', '「一。」|二、三'],
    ['one\r\ntwo three', 'one\r\n|two three'],
    ['one two-three', 'one |two-three'],
    ['onetwothree', 'onetwothree|'],
  ])('prefers paragraphs, sentences, lines, words: %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('looks only between its limits', () => {
    expect(shown('One.\n\nTwo. Three four', 7)).toBe('One.\n\nTwo. |Three four');
    expect(shown('One. Two. Three', 0, 7)).toBe('One. |Two. Three');
    expect(shown('One  ', 0, 4)).toBe('One | ');
  });

  it('takes a break for a paragraph', () => {
    expect(shown('One. Two three', 0, 14, [3])).toBe('One|. Two three');
    expect(shown('One.\n\nTwo three', 0, 14, [3])).toBe('One.\n\n|Two three');
  });
});

describe('wholeEnd', () => {
  it('steps back out of a pair', () => {
    expect(wholeEnd('a😀b', 2)).toBe(1);
    expect(wholeEnd('a😀b', 3)).toBe(3);
    expect(wholeEnd('a\r\nb', 2)).toBe(1);
    expect(wholeEnd('a\n\rb', 2)).toBe(2);
    expect(wholeEnd('\ud83d', 1)).toBe(1);
  });
});
