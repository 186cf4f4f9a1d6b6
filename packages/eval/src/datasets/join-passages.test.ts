import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTitle, createPassage, joinDocuments, joinPassages, type Passage } from './join-passages.ts';

const evidenceOf = ({ text, evidence }: Passage): string[] =>
  evidence.map(({ start, end }) => text.slice(start, end));

describe('createPassage', () => {
  it('leaves white space around the evidence out of it', () => {
    expect(createPassage(' Then it rained.\n', true).evidence).toEqual([{ start: 1, end: 16 }]);
  });

  it('has no empty evidence', () => {
    expect(createPassage(' \n', true).evidence).toEqual([]);
  });
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
        const marked = documents.flat().filter((piece) => piece.marked && piece.text.trim() !== '');
        expect(evidenceOf(joined)).toEqual(marked.map(({ text }) => text.trim()));
        const starts = joined.evidence.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      }),
    );
  });
});
