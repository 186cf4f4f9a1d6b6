import { expect, it } from 'vitest';
import { isSeam } from '../tokenizer/seam.ts';
import { headerOpening, sourceHeader } from './source-header.ts';

it('is one line with the name', () => {
  expect(sourceHeader('notes/may.md')).toBe('--- from notes/may.md ---\n');
  expect(sourceHeader('two\nlines\u2028\0')).toBe('--- from two lines  ---\n');
});

it('shows the end of a long name', () => {
  const header = sourceHeader(`${'deep/'.repeat(100)}😀/file.txt`);
  expect(header).toMatch(/^--- from ….*\/file\.txt ---\n$/);
  expect(header.length).toBe(120 + '--- from  ---\n'.length);
});

it('can be counted apart from what stands before its name', () => {
  expect(isSeam(sourceHeader('any'), headerOpening.length)).toBe(true);
});
