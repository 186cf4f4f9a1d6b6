import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChatText, chatText } from './chat-text.ts';
import { type ChatPart, findDocument, type FoundDocument } from './find-document.ts';

/** `role: text` for each message, or `role: [texts]` for one of several parts. */
function chat(
  ...messages: readonly (readonly [role: string, text: string | readonly string[]])[]
): ChatPart[] {
  return messages.flatMap(([role, text], message) =>
    (typeof text === 'string' ? [text] : text).map((part) => ({ role, message, text: chatText(part) })),
  );
}

const options = { fitsQuestion: (text: string) => text.length <= 100 };
const long = 'It rained on the harbour all day. '.repeat(10).trim();

async function find(
  parts: readonly ChatPart[],
): Promise<Omit<FoundDocument, 'document'> & { document: string }> {
  const found = await findDocument(parts, options);
  const texts = found.document.map(async ({ part, start = 0, end }) => {
    const text = parts[part]?.text;
    return text?.read(start, end ?? text.length) ?? 'a file';
  });
  return { ...found, document: (await Promise.all(texts)).join('|') };
}

test('a part that is marked is the document, and the last user message with other text the question', async () => {
  const file = { role: 'user', message: 1, isDocument: true };
  const parts = [...chat(['system', 'Be brief.'], ['user', ['Who came?', ' ']]), file];
  expect(await find(parts)).toEqual({
    rule: 'marked-part',
    document: 'a file',
    question: 'Who came?',
    instructions: 'Be brief.',
  });
});

test('tags mark the document, with what stands around them as the question', async () => {
  const text = `Who came?\n<document name="log">\n${long}\n</document>\n\nBe brief.`;
  expect(await find(chat(['user', text]))).toMatchObject({
    rule: 'document-tags',
    document: `\n${long}\n`,
    question: 'Who came?\n\nBe brief.',
  });
});

test('tags in another message leave the question to the last user message; several documents are one', async () => {
  const tagged = `<documents><document>${long}</document>\n<document>B</document></documents>`;
  const parts = chat(
    ['system', 'Be brief.'],
    ['system', tagged],
    ['user', 'Who came?'],
    ['user', 'And when?'],
  );
  expect(await find(parts)).toEqual({
    rule: 'document-tags',
    document: tagged.slice('<documents>'.length, -'</documents>'.length),
    question: 'And when?',
    instructions: 'Be brief.',
  });
});

test('tags that a document speaks of are text', async () => {
  const manual = `${long}\nWrite <document>x</document> to begin.\n${long}`;
  expect(await find(chat(['user', manual], ['user', 'How does one begin?']))).toMatchObject({
    rule: 'longest-message',
    document: manual,
    question: 'How does one begin?',
  });
});

test('of several user messages the longest is the document, and the last of the others the question', async () => {
  const parts = chat(
    ['user', 'Hello'],
    ['user', long],
    ['assistant', `${long}${long}`],
    ['user', 'Who came?'],
  );
  expect(await find(parts)).toMatchObject({
    rule: 'longest-message',
    document: long,
    question: 'Who came?',
  });
});

test('the result of a tool, or a system message, that is too long for a question may be the document', async () => {
  for (const role of ['tool', 'system']) {
    expect(await find(chat(['system', 'Be brief.'], [role, long], ['user', 'Who came?']))).toEqual({
      rule: 'longest-message',
      document: long,
      question: 'Who came?',
      instructions: 'Be brief.',
    });
  }
});

test.each([
  ['its last paragraph', `${long}\n\n${long}\n \r\nWho came?\n`, 'last-paragraph', 'Who came?'],
  [
    'its first, where the last is too long',
    `\nWho came?\n\n${long}\n\n${long}`,
    'first-paragraph',
    'Who came?',
  ],
  ['its last line, where it has no paragraphs', `${long}\nWho came?`, 'last-paragraph', 'Who came?'],
  ['its first line', `Who came?\n${long}`, 'first-paragraph', 'Who came?'],
])('of one message the question is %s', async (_name, text, rule, question) => {
  const found = await find(chat(['user', text]));
  expect(found).toMatchObject({ rule, question });
  expect(found.document.trim()).toBe(text.replace(question, '').trim());
});

test('of one message of several parts a whole part is the question', async () => {
  expect(await find(chat(['user', [long, 'A?', 'Who came?\n\nAnd when?']]))).toMatchObject({
    rule: 'last-paragraph',
    document: `${long}|A?`,
    question: 'Who came?\n\nAnd when?',
  });
  expect(await find(chat(['user', ['Who came?', long]]))).toMatchObject({
    rule: 'first-paragraph',
    document: long,
    question: 'Who came?',
  });
  expect(await find(chat(['user', [long, `${long}\n\nWho came?`]]))).toMatchObject({
    rule: 'last-paragraph',
    document: `${long}|${long}`,
    question: 'Who came?',
  });
});

test.each([
  ['nothing at all', []],
  ['one question alone', chat(['user', 'Who came?'])],
  ['a document alone', chat(['user', long])],
  ['no word of the user', chat(['system', long], ['assistant', 'Yes.'])],
  ['only white space beside the question', chat(['user', '\n\n \n\nWho came?\n\n'])],
  ['a tagged document and no question', chat(['user', `<document>${long}</document>`])],
  ['a marked document and no question', [{ role: 'user', message: 0, isDocument: true }]],
])('%s cannot be decided', async (_name, parts) => {
  await expect(find(parts)).rejects.toMatchObject({ code: 'document-undecided' });
});

test('a question that is longer than any may be is refused before it is read', async () => {
  const unread: ChatText = { length: 2e9, read: () => Promise.reject(new Error('was read')) };
  const parts = [
    { role: 'user', message: 0, isDocument: true },
    { role: 'user', message: 1, text: unread },
  ];
  await expect(findDocument(parts, options)).rejects.toMatchObject({ code: 'question-too-long' });
});

test('of a long text no more than a block is read at once, and tags are found at any place', async () => {
  const block = 1 << 18;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: -20, max: 20 }),
      async (open, close) => {
        const before = ' '.repeat(block + open);
        const inside = 'x'.repeat(2 * block + close);
        const text = `${before}<document id="1">${inside}</document>Who came?`;
        let longest = 0;
        const watched: ChatText = {
          length: text.length,
          async read(start, end) {
            longest = Math.max(longest, end - start);
            return text.slice(start, end);
          },
        };
        const found = await findDocument([{ role: 'user', message: 0, text: watched }], {
          ...options,
          maxQuestionLength: 2 * block,
        });
        const start = before.length + '<document id="1">'.length;
        expect(found).toMatchObject({
          rule: 'document-tags',
          document: [{ part: 0, start, end: start + inside.length }],
          question: 'Who came?',
        });
        expect(longest).toBeLessThan(2 * block);
      },
    ),
    { numRuns: 20 },
  );
});
