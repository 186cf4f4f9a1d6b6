import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { resumeCommand } from '../reading/resume-command.ts';
import { formatAge, formatCost, formatDuration, formatQuantity } from './format-number.ts';
import { withFlagNames } from './flag-names.ts';
import { memoryDiff } from './memory-diff.ts';
import { plainText, shorten } from './plain-text.ts';
import { wrapText } from './wrap-text.ts';

test.each([
  [0, '0 ms'],
  [999.6, '1.0 s'],
  [4200, '4.2 s'],
  [9960, '10 s'],
  [59_600, '1m 00s'],
  [200_000, '3m 20s'],
  [7_500_000, '2h 05m'],
  [273_600_000, '3d 04h'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0.00'],
  [0.000_012_3, '0.000012'],
  [0.0123, '0.012'],
  [0.5, '0.50'],
  [12.345, '12.35'],
])('money: %d is %s', (value, text) => {
  expect(formatCost(value)).toBe(text);
});

test('quantities and ages', () => {
  expect([
    formatQuantity(1, 'section'),
    formatQuantity(1200, 'section'),
    formatQuantity(2, 'retry', 'retries'),
  ]).toEqual(['1 section', '1,200 sections', '2 retries']);
  expect([-5, 59_000, 61_000, 7_200_000, 172_800_000].map(formatAge)).toEqual([
    '0s',
    '59s',
    '1m',
    '2h',
    '2d',
  ]);
});

test('control characters and escape sequences do not survive, line breaks do', () => {
  expect(plainText('a\u001B[31mb\u0007\r\nc\u0085\td')).toBe('ab\nc\td');
});

test('a cut never leaves half a character', () => {
  expect(shorten('ab😀d', 4)).toBe('ab…');
  expect(shorten('abcd', 4)).toBe('abcd');
});

test('lines are broken at blanks and indented', () => {
  expect(wrapText('one two three four', 9, '  ')).toBe('one two\n  three\n  four');
  expect(wrapText('a\nextraordinarily long', 5)).toBe('a\nextraordinarily\nlong');
  expect(wrapText('\u001B[1mone\u001B[22m two', 7)).toBe('\u001B[1mone\u001B[22m two');
});

function diff(before: string, after: string, isFull = false): string {
  return memoryDiff(before, after, { colours: createColors(false), isFull });
}

test('a difference marks what was added and what is gone', () => {
  expect(diff('', 'A. [1]')).toBe('{+A. [1]+}');
  expect(diff('A. [1]\nB. [1]\n', 'A. [1]\nC. [2]\n')).toBe('A. [1]\n[-B-]{+C+}. [[-1-]{+2+}]\n');
  const long = `${'x'.repeat(500)}\n`;
  expect(diff(long, `${long}new\n`)).toMatch(/^x{120}\n… 261 unchanged characters …\nx{119}\n\{\+new\+\}\n$/);
  expect(diff(long, `${long}new\n`, true)).toBe(`${long}{+new+}\n`);
});

test('the command that resumes says where the run is kept', () => {
  expect(resumeCommand('r1', {})).toBe('memagent resume r1');
  expect(resumeCommand('r1', { home: '/tmp/my runs', config: 'a.yaml' })).toBe(
    "memagent resume r1 --home '/tmp/my runs' --config a.yaml",
  );
  expect(resumeCommand('r1', { home: "it's" })).toBe(`memagent resume r1 --home 'it'\\''s'`);
});

test('options of the library are called as on the command line, but not within paths and quotes', () => {
  expect(withFlagNames('Lower memoryTokens or outputTokens. Name it (tokenizer).')).toBe(
    'Lower --memory-tokens or --output-tokens. Name it (--tokenizer).',
  );
  const path = 'Cannot read src/maxTokens.ts or "maxCost": someTokens';
  expect(withFlagNames(path)).toBe(path);
});
