import { describe, expect, test } from 'vitest';
import { removeMarks } from './marked-sentences.ts';
import { parseMarks } from './parse-marks.ts';

function marks(answer: string, sections?: number): [number, string][] {
  return parseMarks(answer, sections === undefined ? {} : { sections }).map(({ mark, sentence }) => [
    mark,
    sentence,
  ]);
}

describe('parseMarks', () => {
  test.each([
    ['one', 'He won [12].', [[12, 'He won.']]],
    [
      'after the stop',
      'He won. [12] She lost. [3]',
      [
        [12, 'He won.'],
        [3, 'She lost.'],
      ],
    ],
    [
      'a list',
      'He won [3, 7].',
      [
        [3, 'He won.'],
        [7, 'He won.'],
      ],
    ],
    [
      'a range',
      'He won [3-5].',
      [
        [3, 'He won.'],
        [4, 'He won.'],
        [5, 'He won.'],
      ],
    ],
    [
      'side by side',
      'He won [3][7].',
      [
        [3, 'He won.'],
        [7, 'He won.'],
      ],
    ],
    ['twice in a sentence', 'He won [3] at Borodino [3].', [[3, 'He won at Borodino.']]],
    [
      'at the start of a line',
      'So:\n[4] He won.\n[5] She lost.',
      [
        [4, 'He won.'],
        [5, 'She lost.'],
      ],
    ],
    ['a name alone', 'Kutuzov [12]', [[12, 'Kutuzov']]],
    ['nothing but a mark', '[12]', [[12, '']]],
    ['not a mark', 'He said [sic] so [0], see [3a], [link] and [].', []],
    ['not a range', 'He won [5-3] at [1-400].', []],
    ['no marks', 'He won.', []],
    ['nothing', '', []],
  ] as [string, string, [number, string][]][])('%s', (_name, answer, expected) => {
    expect(marks(answer)).toEqual(expected);
  });

  test('a year is a mark only where a section could have its number', () => {
    expect(marks('The war of [1812] was long [3].', 40)).toEqual([[3, 'The war of [1812] was long.']]);
    expect(marks('He won [1812].', 1500)).toEqual([[1812, 'He won.']]);
    expect(marks('He won [412].', 40)).toEqual([[412, 'He won.']]);
  });

  test('each mark vouches for what stands before it, the last also for what follows', () => {
    const parsed = parseMarks('Born in Paris [1], he died in Rome [2] in 1900.');
    expect(parsed.map(({ mark, claim }) => [mark, claim])).toEqual([
      [1, 'Born in Paris'],
      [2, ', he died in Rome in 1900.'],
    ]);
  });

  test('removeMarks leaves other brackets', () => {
    expect(removeMarks('He won [3, 7], they say [sic] [12].')).toBe('He won, they say [sic].');
  });
});
