import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvidence, renderEvidence } from './evidence.ts';

describe('evidence', () => {
  it('is the memory itself when there are no passages', () => {
    fc.assert(
      fc.property(fc.string(), (memory) => {
        expect(renderEvidence(memory, [])).toBe(memory);
        expect(parseEvidence(memory)).toEqual({ memory, passages: [] });
      }),
    );
  });

  it('names the section of each passage', () => {
    expect(renderEvidence('draft [1]', [{ mark: 12, text: 'Kutuzov sat.' }])).toBe(
      'draft [1]\n<passage mark="[12]">\nKutuzov sat.\n</passage>',
    );
  });

  it('is read back into memory and passages', () => {
    const text = fc.string({ unit: 'binary' });
    const passage = fc.record({ mark: fc.nat(), text });
    fc.assert(
      fc.property(text, fc.array(passage), (memory, passages) => {
        expect(parseEvidence(renderEvidence(memory, passages))).toEqual({ memory, passages });
      }),
    );
  });
});
