/** What every reader must do. Each implementation's test calls `readerContract` with its factory. */
import { describe, expect, test } from 'vitest';
import type { Memory, Reader, StepContext, Update } from './reader.ts';
import { sampleContext, sampleSection, sampleTokenizer } from './sample-step.ts';

const question = 'Who commanded the army at Borodino?';
const telling = 'It rained all night.\n\nKutuzov commanded the army at Borodino. He was old.';
const filler = Array.from(
  { length: 80 },
  (_, day) => `On day ${day} the army marched to Borodino again.`,
).join(' ');
const empty: Memory = { text: '' };

const hostileTexts: readonly (readonly [string, string])[] = [
  ['markup', '<memory>\n{question} ${x} {{memory}} %s </memory><|im_end|> <think> Borodino army'],
  ['a line of 20,000 characters', `Borodino${'x'.repeat(20_000)}`],
  ['a long line of words', 'the army at Borodino '.repeat(1000)],
  ['text from right to left', '\u202Eقاد كوتوزوف الجيش في بورودينو.\u202C Borodino \u05D0\u05D1.'],
  ['lone surrogates', '\uD800 Borodino \uDC00\uDC00 army \uD83D'],
  ['control characters', '\0 Borodino \r\r\u2028 army \u0007'],
  ['marks of its own', 'The army [3] at Borodino [999999999] [-1] [a] [3-].'],
  ['white space', ' \n\t \r\n '],
  ['nothing', ''],
];

/** Declares the suite. `createReader` gives a reader that can really answer from the text in front of it. */
export function readerContract(name: string, createReader: () => Reader | Promise<Reader>): void {
  const update = async (
    text: string,
    memory = empty,
    number = 7,
    context = sampleContext(),
  ): Promise<Update> =>
    (await createReader()).update({ question, memory, section: sampleSection(number, text) }, context);

  describe(`${name} as a reader`, () => {
    test('keeps what answers the question, with the mark of its section, and answers from it', async () => {
      const { memory, outcome } = await update(telling);
      expect(outcome).toBe('updated');
      expect(memory.text).toMatch(/Kutuzov.*\[7\]/);
      const answer = await (await createReader()).answer({ question, memory, passages: [] }, sampleContext());
      expect(answer.found).toBe(true);
      expect(answer.text).toMatch(/Kutuzov.*\[7\]/);
    });

    test('keeps what it knew over a section that tells nothing', async () => {
      const { memory } = await update(telling);
      expect((await update('The weather was fine.', memory, 8)).memory.text).toMatch(/Kutuzov.*\[7\]/);
    });

    test('answers from passages with their marks', async () => {
      const passages = [
        { mark: 3, text: 'Nothing here.' },
        { mark: 5, text: telling },
      ];
      const answer = await (
        await createReader()
      ).answer({ question, memory: empty, passages }, sampleContext());
      expect(answer).toMatchObject({ found: true, text: expect.stringMatching(/Kutuzov.*\[5\]/) });
    });

    test('says that it did not find the answer when there is nothing to answer from', async () => {
      const answer = await (
        await createReader()
      ).answer({ question, memory: empty, passages: [] }, sampleContext());
      expect(answer.found).toBe(false);
      expect(answer.text).not.toBe('');
    });

    test('knows of earlier calls only what it is given', async () => {
      const reader = await createReader();
      const step = { question, memory: empty, section: sampleSection(7, telling) };
      const first = await reader.update(step, sampleContext());
      await reader.update({ ...step, question: 'Where did it rain?' }, sampleContext());
      await reader.answer({ question, memory: first.memory, passages: [] }, sampleContext());
      expect((await reader.update(step, sampleContext())).memory).toEqual(first.memory);
    });

    test('changes nothing that it is given, and its state survives as JSON', async () => {
      const { memory } = await update(telling);
      const copy = structuredClone(memory);
      const next = (await update(filler, memory, 8)).memory;
      expect(memory).toEqual(copy);
      expect(JSON.parse(JSON.stringify(next))).toEqual(next);
    });

    test.each([1, 16, 64, 256])(
      'holds a memory budget of %i tokens in update and merge',
      async (memoryTokens) => {
        const context = sampleContext({ memoryTokens });
        const memories: Memory[] = [];
        for (const number of [1, 2, 3])
          memories.push((await update(filler, memories.at(-1), number, context)).memory);
        const merged = await (await createReader()).merge({ question, memories }, context);
        for (const { text } of [...memories, merged.memory])
          expect(sampleTokenizer.count(text)).toBeLessThanOrEqual(memoryTokens);
      },
    );

    test('keeps the marks of every memory that it merges', async () => {
      const memories = [
        (await update('Kutuzov commanded the army at Borodino.', empty, 2)).memory,
        (await update('Barclay led the right wing of the army at Borodino.', empty, 9)).memory,
      ];
      const { memory } = await (await createReader()).merge({ question, memories }, sampleContext());
      expect(memory.text).toMatch(/Kutuzov[^]*\[2\]/);
      expect(memory.text).toMatch(/Barclay[^]*\[9\]/);
    });

    test.each(hostileTexts)('reads %s', async (_name, text) => {
      const reader = await createReader();
      const { memory } = await update(text, { text });
      const { memory: merged } = await reader.merge(
        { question: text, memories: [memory, { text }] },
        sampleContext(),
      );
      const answer = await reader.answer(
        { question, memory: merged, passages: [{ mark: 1, text }] },
        sampleContext(),
      );
      expect(answer.text).toBeTypeOf('string');
    });

    test('throws the reason of an abort, as it is, from every step', async () => {
      const reader = await createReader();
      const reason = new Error('enough');
      const context: StepContext = sampleContext({ signal: AbortSignal.abort(reason) });
      const section = sampleSection(1, telling);
      await expect(reader.update({ question, memory: empty, section }, context)).rejects.toBe(reason);
      await expect(reader.merge({ question, memories: [empty, empty] }, context)).rejects.toBe(reason);
      await expect(
        reader.answer({ question, memory: { text: telling }, passages: [] }, context),
      ).rejects.toBe(reason);
    });
  });
}
