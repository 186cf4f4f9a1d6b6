import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addTitle,
  createPassage,
  joinDocuments,
  joinPassages,
  keepEvidence,
  type Passage,
} from './join-passages.ts';

const evidenceOf = ({ text, evidence }: Passage): string[] =>
  evidence.map(({ start, end }) => text.slice(start, end));

describe('createPassage', () => {
  it('leaves white space around the evidence out of it', () => {
    expect(createPassage(' Then it rained.\n', true).evidence).toEqual([{ start: 1, end: 16 }]);
  });
});

it('keepEvidence takes the passages at these places', () => {
  const all = joinPassages(
    ['one', ' ', 'three'].map((text) => createPassage(text, true)),
    '\n',
  );
  expect(evidenceOf(keepEvidence(all, new Set([2, 7])))).toEqual(['three']);
});

describe('joinDocuments', () => {
  it('puts titles on lines of their own and blank lines between documents', () => {
    const documents = [
      addTitle('First', joinPassages([createPassage('One.'), createPassage('Two.', true)], ' ')),
      addTitle('', createPassage('Three.', true)),
    ];
    expect(joinDocuments(documents)).toEqual({
      text: 'First\nOne. Two.\n\nThree.',
      evidence: [
        { start: 11, end: 15 },
        { start: 17, end: 23 },
      ],
    });
  });

  it('keeps every evidence passage where it is, in order', () => {
    const passage = fc.record({
      title: fc.string(),
      text: fc.string({ unit: 'grapheme' }),
      marked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(passage)), (documents) => {
        const joined = joinDocuments(
          documents.map((passages, index) =>
            addTitle(
              passages[0]?.title ?? `${index}`,
              joinPassages(
                passages.map(({ text, marked }) => createPassage(text, marked)),
                '\n',
              ),
            ),
          ),
        );
        const marked = documents.flat().filter((piece) => piece.marked);
        expect(evidenceOf(joined)).toEqual(marked.map(({ text }) => text.trim()));
        const starts = joined.evidence.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      }),
    );
  });
});
