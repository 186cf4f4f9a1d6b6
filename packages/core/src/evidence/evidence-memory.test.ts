import { expect, test } from 'vitest';
import type { Memory } from '../reader/reader.ts';
import { parseEvidenceMemory, renderEvidenceMemory, renderLine } from './evidence-memory.ts';
import { parseEvidenceQuestion } from './evidence-question.ts';
import { evidenceSentences, plainText } from './evidence-sentence.ts';
import { masksOfParagraphs } from './match-sentences.ts';
import { createLexicon } from './term-hash.ts';

const lexicon = createLexicon();
const question = parseEvidenceQuestion('Who directed the film Dark Harbour?', lexicon);
const read = evidenceSentences('Dark Harbour\nIt is a film. Mira Kessler directed it.', 3, lexicon);
const masks = masksOfParagraphs(read, question);
const lines = read.flatMap((sentence, index) => {
  const own = masks[index];
  return own && index > 0 ? [{ sentence, masks: own }] : [];
});
const text = lines.map(({ sentence }) => renderLine(plainText(sentence), sentence.marks)).join('\n');
const counts = question.terms.map((_, bit) => bit);
const memory = { lines, sentences: 7, counts, names: new Map([[11, 2]]) };

test('a memory read back knows what the text alone does not tell', () => {
  const stored = JSON.stringify(renderEvidenceMemory(memory, text));
  const back = parseEvidenceMemory(JSON.parse(stored) as Memory, question, lexicon);
  expect(back.lines.map((line) => line.masks)).toEqual(lines.map((line) => line.masks));
  expect(back.lines.map(({ sentence }) => sentence.marks)).toEqual([[3], [3]]);
  expect(back).toMatchObject({ sentences: 7, counts, names: memory.names });
});

test('a memory of another version is read as any text is', () => {
  const { state } = renderEvidenceMemory(memory, text);
  const back = parseEvidenceMemory({ text, state: { ...(state as object), version: 2 } }, question, lexicon);
  expect(back.sentences).toBe(0);
  expect(back.lines.map(({ sentence }) => plainText(sentence))).toEqual(
    lines.map(({ sentence }) => plainText(sentence)),
  );
});
