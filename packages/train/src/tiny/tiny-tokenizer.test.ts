import { createHuggingFaceTokenizer, renderPrompt } from '@memagent/core';
import { Tokenizer } from '@huggingface/tokenizers';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { tinyTemplate } from './tiny-prompt.ts';
import { createTinyTask } from './tiny-task.ts';
import { decode, encode, encodeChat, tokenizerConfigJson, tokenizerJson } from './tiny-tokenizer.ts';
import { idOf, names, unknownId, vocabulary } from './vocabulary.ts';

const library = new Tokenizer(tokenizerJson, tokenizerConfigJson);
const { textOf, question } = createTinyTask({ name: 'chain', sections: 3, seed: 1, index: 2 });

test.each([textOf(0), 'baba is begi.', 'no such <unk> word, <end>of it<reply>', ''])(
  'a text has the ids that the library gives: %j',
  (text) => {
    expect(encode(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
  },
);

test('so has any text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom('baba', ' is', '.', '\n', '<end>', '<', '$~', 'é'), fc.string())),
      (pieces) => {
        const text = pieces.join('');
        expect(encode(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
      },
    ),
  );
});

test('words come back; special tokens and what is unknown do not', () => {
  expect(decode(encode('baba is begi . <end>'))).toBe('baba is begi .');
  expect(encode('unheard')).toEqual([unknownId]);
});

test('every word has an id of its own', () => {
  expect(new Set(vocabulary).size).toBe(vocabulary.length);
  expect(vocabulary.map(idOf)).toEqual(vocabulary.map((_, id) => id));
  expect(names).toHaveLength(256);
});

test('core counts a prompt as the model sees it', async () => {
  const tokenizer = await createHuggingFaceTokenizer({
    tokenizer: tokenizerJson,
    config: tokenizerConfigJson,
  });
  const messages = renderPrompt(tinyTemplate, 'update', {
    question,
    memory: '',
    section: textOf(1),
    number: 2,
    words: 10,
  });
  const contents = messages.map(({ content }) => content);
  expect(tokenizer.exact).toBe(true);
  expect(tokenizer.parts).toBeDefined();
  expect(tokenizer.countPrompt(messages)).toBe(encodeChat(contents).length);
  expect(tokenizer.count(textOf(1))).toBe(56);
});
