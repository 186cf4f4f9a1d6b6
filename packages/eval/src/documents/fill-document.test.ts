import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTiktokenTokenizer } from '@memagent/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FillOptions, fillDocument } from './fill-document.ts';
import { createTokenMeter } from './token-meter.ts';

const tokenizer = await createTiktokenTokenizer('o200k_base');
const fillers = [
  'It rained.',
  '“Why?” she said, and left the room at once.',
  'Nothing happened for 12 days…',
];

function* repeat(): Generator<string> {
  for (;;) yield* fillers;
}

function fill(options: Partial<FillOptions> & Pick<FillOptions, 'limit'>) {
  const meter = createTokenMeter(tokenizer);
  const filled = fillDocument({ filler: repeat, inserts: [], joiner: ' ', meter, ...options });
  return { ...filled, text: [...filled.pieces()].join('') };
}

const insert = fc.record({
  text: fc.constantFrom('The code is 4711.', 'A needle', 'One, two.\nThree.', 'x '.repeat(50)),
  depth: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('fillDocument', () => {
  it('fills up to the limit and no further, and knows where the inserts stand', () => {
    const longest = Math.max(...fillers.map((filler) => tokenizer.count(` ${filler}`)));
    fc.assert(
      fc.property(
        fc.integer({ min: 600, max: 900 }),
        fc.array(insert, { maxLength: 8 }),
        fc.constantFrom(' ', '\n', '\n\n'),
        fc.constantFrom('', 'Before. \n\n'),
        fc.boolean(),
        (tokens, inserts, joiner, head, labelled) => {
          const label = (number: number): string => (labelled ? `(${number}) ` : '');
          const { text, ...filled } = fill({ limit: { tokens }, inserts, joiner, head, label });
          expect(filled.tokens).toBe(tokenizer.count(text));
          expect(filled.tokens).toBeLessThanOrEqual(tokens);
          expect(filled.tokens).toBeGreaterThan(tokens - longest - 10);
          expect(filled.characters).toBe(text.length);
          expect(filled.spans.map(({ start, end }) => text.slice(start, end))).toEqual(
            inserts.map((one) => one.text),
          );
          expect(text.includes(`(${filled.fillers + inserts.length}) `)).toBe(labelled);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('puts inserts at their depth', () => {
    const inserts = [0.8, 0, 1, 0.25].map((depth) => ({ text: `Here is ${depth}.`, depth }));
    const { spans, characters } = fill({ limit: { tokens: 5_000 }, inserts });
    const depths = spans.map(({ start }) => start / characters);
    for (const [index, { depth }] of inserts.entries()) expect(depths[index]).toBeCloseTo(depth, 1);
    expect(depths[1]).toBe(0);
    expect(spans[2]?.end).toBe(characters);
  });

  it('keeps the order of inserts at the same depth', () => {
    const inserts = ['a', 'b', 'c'].map((text) => ({ text, depth: 0.5 }));
    expect(fill({ limit: { tokens: 100 }, inserts }).text).toContain(' a b c ');
  });

  it('counts units, inserts included', () => {
    const inserts = [0, 0.5, 1].map((depth) => ({ text: 'needle', depth }));
    const { text, fillers: count } = fill({ limit: { units: 20 }, inserts, joiner: '\n' });
    expect(count).toBe(17);
    expect(text.split('\n')).toHaveLength(20);
    expect(text.split('\n').indexOf('needle', 1)).toBe(10);
  });

  it('can be all inserts', () => {
    const { text } = fill({
      limit: { units: 2 },
      inserts: [
        { text: 'b', depth: 1 },
        { text: 'a', depth: 0 },
      ],
    });
    expect(text).toBe('a b');
  });

  it('is made again the same', () => {
    const { text, pieces } = fill({ limit: { tokens: 300 }, inserts: [{ text: 'needle', depth: 0.3 }] });
    expect([...pieces()].join('')).toBe(text);
  });

  it('keeps nothing of what planning took', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { pieces, meter } = planAndLetGo();
    await new Promise(setImmediate); // A weak reference holds until the end of its turn.
    collect();
    expect(meter.deref()).toBeUndefined();
    expect([...pieces()].length).toBeGreaterThan(10);
  });

  it.each([
    [{ tokens: 10 }, 'Cannot make a document of 10 tokens: what it must hold takes 60.'],
    [{ units: 1 }, 'Cannot make a document of 1 paragraphs: what it must hold takes 2.'],
  ])('refuses a limit that does not hold the inserts: %j', (limit, message) => {
    const inserts = [0, 1].map((depth) => ({ text: 'x '.repeat(14).trim(), depth }));
    expect(() => fill({ limit, inserts })).toThrow(message.slice(0, 48));
  });
});

/** In a function of its own, so that the stack holds the meter no longer. */
function planAndLetGo() {
  const meter = createTokenMeter(tokenizer);
  const limit = { tokens: 300 };
  const { pieces } = fillDocument({ filler: repeat, inserts: [], joiner: ' ', limit, meter });
  return { pieces, meter: new WeakRef(meter) };
}
