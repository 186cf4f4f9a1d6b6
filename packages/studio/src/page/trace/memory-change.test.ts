import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFactHistory } from './facts.ts';
import { compareMemories } from './memory-change.ts';
import { splitAtMarks, splitMemory } from './sentences.ts';

test('sentences are told from each other, with the sections of their marks', () => {
  expect(
    splitMemory('Ada built it. [1] It burned. [2, 3]\n- Rebuilt 1902 [4-6]').map(({ key, marks }) => [
      key,
      marks,
    ]),
  ).toEqual([
    ['Ada built it.', [1]],
    ['It burned.', [2, 3]],
    ['- Rebuilt 1902', [4, 6]],
  ]);
});

test('a title or an initial ends no sentence', () => {
  expect(
    splitMemory('“This,” said Mr. Pumble, “is Pip.” [6] So did I. J. R. Holm saw St. Paul.'),
  ).toMatchObject([
    { text: '“This,” said Mr. Pumble, “is Pip.” [6]' },
    { text: 'So did I.' },
    { text: 'J. R. Holm saw St. Paul.' },
  ]);
});

test('each sentence is kept, new, dropped or reworded, in the order of the new memory', () => {
  const before = 'Ada Holm built the lighthouse. [1]\nThe wind was south. [2]\nIt has 112 steps in all. [3]';
  const after = 'Ada Holm built the lighthouse. [1]\nIt has 113 steps in all. [9]\nIt burned. [4]';
  expect(compareMemories(before, after).sentences.map(({ kind, sentence }) => [kind, sentence.key])).toEqual([
    ['kept', 'Ada Holm built the lighthouse.'],
    ['removed', 'The wind was south.'],
    ['rewritten', 'It has 113 steps in all.'],
    ['added', 'It burned.'],
  ]);
});

const memory = fc
  .array(
    fc.constantFrom('Ada built it. [1]', 'It burned. [2]', 'Nobody came.', 'בנתה עדה. [3]', 'x'.repeat(300)),
    { maxLength: 8 },
  )
  .map((sentences) => sentences.join('\n'));

test('the kept, new and reworded sentences are the new memory, and the share that changed is a share', () => {
  fc.assert(
    fc.property(memory, memory, (before, after) => {
      const { sentences, share } = compareMemories(before, after);
      const now = sentences.filter(({ kind }) => kind !== 'removed').map(({ sentence }) => sentence.text);
      expect(now).toEqual(splitMemory(after).map(({ text }) => text));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      expect(compareMemories(after, after).share).toBe(0);
    }),
  );
});

test('pieces at marks join to the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '[', '1', ']', ',', ' ', '-', '2') }), (text) => {
      expect(
        splitAtMarks(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('the history tells when a fact came in, when it went, and that it came again', () => {
  const facts = createFactHistory();
  facts.add(0, splitMemory('Ádà built it. [1]'));
  facts.add(1, splitMemory('It burned. [2]'));
  facts.add(2, splitMemory('It burned. [2]\nÁdà built it. [1]'));
  expect(facts.search('ADA built')).toEqual([
    { text: 'Ádà built it. [1]', marks: [1], cameAt: 0, wentAt: 1 },
    { text: 'Ádà built it. [1]', marks: [1], cameAt: 2 },
  ]);
  expect(facts.search('  ')).toEqual([]);
});
