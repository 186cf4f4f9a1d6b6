import * as fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/r50k_base';
import { describe, expect, it } from 'vitest';
import { parseEvidence, passageTokens, renderEvidence } from './evidence.ts';
import { joinMemories, memoryTagTokens, splitMemories } from './join-memories.ts';

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

it('knows how many tokens tags take at most', () => {
  const passage = { mark: 999_999, text: '' };
  const one = countTokens(renderEvidence('', [passage]));
  const two = countTokens(renderEvidence('', [passage, passage]));
  expect(Math.max(one, two - one)).toBeLessThanOrEqual(passageTokens);
  const tags = countTokens(joinMemories(['', ''])) - countTokens(joinMemories(['']));
  expect(Math.max(tags, countTokens(joinMemories([''])))).toBeLessThanOrEqual(memoryTagTokens);
});

it('takes no other text for joined memories', () => {
  expect(splitMemories('')).toEqual([]);
  expect(splitMemories('a [1]')).toBeUndefined();
  expect(splitMemories('<memory>\na [1]')).toBeUndefined();
});
