import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noUsage } from '../model/usage.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { createExtractiveReader } from './extractive-reader.ts';
import { readerContract } from './reader.contract.ts';
import type { Memory } from './reader.ts';
import { sampleContext, sampleSection, sampleTokenizer } from './sample-step.ts';

readerContract('The extractive reader', createExtractiveReader);

const reader = createExtractiveReader();

/** Reads texts as sections 1, 2, 3, … and gives the last memory. */
async function readAll(question: string, texts: readonly string[], memoryTokens = 1024): Promise<Memory> {
  let memory: Memory = { text: '' };
  const context = sampleContext({ memoryTokens });
  for (const [index, text] of texts.entries())
    ({ memory } = await reader.update(
      { question, memory, section: sampleSection(index + 1, text) },
      context,
    ));
  return memory;
}

async function answerFrom(question: string, memory: Memory) {
  return reader.answer({ question, memory, passages: [] }, sampleContext());
}

/** Sentences about nothing in particular, different in each section. */
function noise(section: number): string {
  return Array.from(
    { length: 40 },
    (_, line) =>
      `Visitor ${section * 100 + line} came from Village ${line} to see the old film about a river.`,
  ).join(' ');
}

describe('createExtractiveReader', () => {
  test('finds the sentence among many sections and cites it', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => noise(index));
    texts[4] += ' The lighthouse at Skagen was built by Anders Holm.';
    const memory = await readAll('Who built the lighthouse at Skagen?', texts, 96);
    const answer = await answerFrom('Who built the lighthouse at Skagen?', memory);
    expect(answer.text).toMatch(/^The lighthouse at Skagen was built by Anders Holm\. \[5\]/);
    expect(answer).toMatchObject({ found: true, usage: noUsage });
    expect(answer.score).toBeGreaterThan(0.9);
  });

  test('follows a name to sentences that share no word with the question, before and after', async () => {
    const texts = [
      noise(1),
      `${noise(2)} Kessler has a house in Graz. The film "Dark Harbour" was directed by Mira Kessler.`,
      noise(3),
      `${noise(4)} Mira Kessler moved from Linz.`,
    ];
    const memory = await readAll('Where does the director of "Dark Harbour" live?', texts, 256);
    expect(memory.text).toContain('Kessler has a house in Graz. [2]');
    expect(memory.text).toContain('Mira Kessler moved from Linz. [4]');
  });

  test('keeps a weak match of an earlier section once a name makes it matter', async () => {
    const rivals = Array.from({ length: 20 }, (_, day) => `One director did live ${day} days there.`).join(
      ' ',
    );
    const texts = [
      'Kessler, a director, owns a house.',
      'The film "Dark Harbour" was directed by Mira Kessler.',
      rivals,
    ];
    const memory = await readAll('Where does the director of "Dark Harbour" live?', texts, 48);
    expect(memory.text).toContain('Kessler, a director, owns a house. [1]');
  });

  test.each([
    ['the topic of its paragraph', 'Mira Kessler\nMira Kessler is a sculptor. It is a quiet craft.'],
    [
      'the sentence before it',
      'An old painter of boats had a small wooden house by the harbour. Mira Kessler is his niece.',
    ],
  ])('knows what a pronoun stands for by %s', async (_name, opening) => {
    const rivals = Array.from({ length: 20 }, (_, day) => `He keeps ${day} cats in that shed.`).join(' ');
    const texts = [`${rivals}\n\n${opening} She keeps eleven cats in her shed.\n\n${rivals}`, rivals];
    const memory = await readAll('How many cats does Mira Kessler keep?', texts, 40);
    expect(memory.text).toContain('She keeps eleven cats in her shed. [1]');
  });

  const line = 'The harbour of Skagen has a lighthouse';
  test.each([
    [
      'a year for "when"',
      'When was the harbour built?',
      'The harbour was built in 1907.',
      'The harbour was built in 77 days.',
    ],
    [
      'a number for "how many"',
      'How many ships lay in the harbour?',
      'The 40 ships lay in the harbour.',
      'The Skagen ships lay in the harbour.',
    ],
    [
      'a name for "who"',
      'Who built the harbour?',
      'The harbour was built by Holm.',
      'The harbour was built by 1907.',
    ],
    [
      'a place for "where"',
      'Where was the harbour built?',
      'A harbour was built in Skagen.',
      'A harbour was built by Skagen.',
    ],
    [
      'words side by side',
      'Is the old harbour light red?',
      'The harbour light was red, if old.',
      'The light harbour was old, if red.',
    ],
    ['a sentence, not a heading', 'What has the harbour of Skagen?', `${line}.`, line],
    [
      'what is short',
      'Who built the harbour?',
      'Holm built the harbour.',
      `Holm built the harbour, ${'as every child of that country knows well, '.repeat(3)}.`,
    ],
  ])('prefers %s', async (_name, question, good, bad) => {
    const tokens = Math.max(...[good, bad].map((text) => sampleTokenizer.count(`${text} [1]\n`)));
    for (const text of [`${good}\n\n${bad}`, `${bad}\n\n${good}`])
      expect((await readAll(question, [text], tokens)).text.split('\n')[0]).toBe(`${good} [1]`);
  });

  test('keeps something of each thing that is asked about', async () => {
    const text = `${noise(1)} Alder was a painter. Alder, the painter, died. Alder the painter slept. Birch sang.`;
    const { text: memory } = await readAll('Was the painter Alder older than Birch?', [text], 24);
    expect(memory).toContain('Alder');
    expect(memory).toContain('Birch sang. [1]');
  });

  test.each([
    ['a name that it never met', 'Who painted the ceiling of the Sistine Chapel?', 'The ceiling was low.'],
    [
      'words that never stand together',
      'What is the capital of Mars?',
      'His horse Mars slept.\n\nThe capital fell.',
    ],
    ['nothing that is asked for', 'How many moons does Jupiter have?', 'Herring was salted in the sheds.'],
  ])('says that it did not find %s, with its score', async (_name, question, text) => {
    const memory = await readAll(question, [noise(1), `${noise(2)}\n\n${text}`]);
    const answer = await answerFrom(question, memory);
    expect(answer).toMatchObject({ found: false, text: notFoundPhrase });
    expect(answer.score).toBeGreaterThanOrEqual(0);
    expect(answer.score).toBeLessThan(0.32);
    const bold = await createExtractiveReader({ leastScore: 0 }).answer(
      { question, memory, passages: [] },
      sampleContext(),
    );
    expect(bold).toMatchObject({ found: true, score: answer.score });
  });

  test.each([
    [
      'one word in other words',
      'Who constructed the lighthouse at Skagen?',
      'Holm built the lighthouse at Skagen.',
    ],
    ['one name', 'Who is Kutuzov?', 'Kutuzov commanded the army.'],
    [
      'the topic and the sentence',
      'What did Mira Kessler study?',
      'Mira Kessler was a sculptor. She went to study law.',
    ],
  ])('finds what shares %s', async (_name, question, text) => {
    const memory = await readAll(question, [noise(1), `${noise(2)}\n\n${text}`]);
    expect(await answerFrom(question, memory)).toMatchObject({ found: true });
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses a least score of %s', (leastScore) => {
    expect(() => createExtractiveReader({ leastScore })).toThrow('Give a number from 0 to 1');
  });

  test('reads memories without marks or state', async () => {
    const question = 'Who built the lighthouse at Skagen?';
    const plain: Memory = {
      text: 'Notes:\n- The lighthouse at Skagen was built by Anders Holm.\nIt rained.',
    };
    expect((await answerFrom(question, plain)).text).toBe(
      '- The lighthouse at Skagen was built by Anders Holm.',
    );
    const marked: Memory = { text: 'Holm built the lighthouse at Skagen [3, 4]. It rained [5].' };
    const { memory } = await reader.update(
      { question, memory: marked, section: sampleSection(6, 'Nothing.') },
      sampleContext(),
    );
    expect(memory.text).toContain('Holm built the lighthouse at Skagen. [3, 4]');
  });

  test('does not take the words of a memory without state for common ones', async () => {
    const question = 'As told in the provided report, what is the registration number of the Alder barge?';
    const text = 'The registration number of the Alder barge is 4711. [3]';
    expect(await answerFrom(question, { text })).toMatchObject({ found: true, text });
    const noted = Array.from({ length: 6 }, (_, ship) => `The number of the Alder ${ship} is ${ship}.`);
    const { memory } = await reader.update(
      { question, memory: { text: noted.join('\n') }, section: sampleSection(7, text.slice(0, -4)) },
      sampleContext({ memoryTokens: 24 }),
    );
    expect(memory.text).toContain('The registration number of the Alder barge is 4711. [7]');
  });

  test('numbers in brackets in the text are kept in the memory and are no marks in the answer', async () => {
    const question = 'Who built the lighthouse at Skagen?';
    const memory = await readAll(question, [
      'The lighthouse at Skagen was built by Holm [12].',
      'It rained.',
    ]);
    expect(memory.text).toBe('The lighthouse at Skagen was built by Holm [12]. [1]');
    expect((await answerFrom(question, memory)).text).toBe('The lighthouse at Skagen was built by Holm. [1]');
  });

  test('its state stays small however many words it met', async () => {
    const texts = [...Array(30).keys()].map((section) =>
      Array.from({ length: 100 }, (_, word) => `Name${section}x${word} saw Skagen.`).join(' '),
    );
    const memory = await readAll('Who saw Skagen?', texts, 256);
    expect(JSON.stringify(memory.state).length).toBeLessThan(20_000);
    const { sentences, terms, counts } = memory.state as {
      sentences: number;
      terms: string[];
      counts: number[];
    };
    expect(sentences).toBe(3000);
    expect(counts[terms.indexOf('skagen')]).toBe(3000);
    expect(counts).toHaveLength(terms.length);
  });

  test('needs no prompt', () => {
    expect(reader.overhead('Who?', sampleTokenizer)).toEqual({ update: 0, merge: 0, answer: 0 });
    expect(reader.model).toBeUndefined();
  });
});

describe('the memory of the extractive reader', () => {
  const word = fc.constantFrom(
    'Kutuzov',
    'army',
    'the',
    'Borodino',
    '1812',
    'Mr.',
    'won',
    'É\u0301',
    '\uD83D\uDE00',
    '[3]',
    '世界',
  );
  const separator = fc.constantFrom(' ', '. ', '.\n', '\n\n', '  ', '\r\n', '! ');
  const text = fc.array(fc.tuple(word, separator), { maxLength: 60 }).map((pieces) => pieces.flat().join(''));
  const input = fc.record({
    question: fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')),
    texts: fc.array(text, { minLength: 1, maxLength: 4 }),
    memoryTokens: fc.integer({ min: 1, max: 80 }),
  });

  test('is within budget, word for word in the sections that its marks name, and the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(input, async ({ question, texts, memoryTokens }) => {
        const memory = await readAll(question, texts, memoryTokens);
        expect(sampleTokenizer.count(memory.text)).toBeLessThanOrEqual(memoryTokens);
        for (const line of memory.text === '' ? [] : memory.text.split('\n')) {
          const [, sentence = '', mark] = /^(.*) \[(\d+)\]$/.exec(line) ?? [];
          const section = texts[Number(mark) - 1]?.replaceAll(/\s+/g, ' ');
          expect(sentence).not.toBe('');
          expect(section).toContain(sentence);
        }
        expect(await readAll(question, texts, memoryTokens)).toEqual(memory);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});
