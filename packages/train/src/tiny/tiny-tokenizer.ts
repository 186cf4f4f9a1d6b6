/** The tiny tokenizer: a word is a token. Its files are what Hugging Face's libraries read. */
import type { ChatEncoder } from '@memagent/core';
import { replyId, idOf, specialTokens, vocabulary, endId, padId, unknownId } from './vocabulary.ts';
import { tinyChatTemplate } from './tiny-prompt.ts';

const special = (id: number): string => specialTokens[id] ?? '';

/** The content of `tokenizer.json`: `WordLevel`, cut at white space and around punctuation. */
export const tokenizerJson = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: specialTokens.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Punctuation', behavior: 'Contiguous' }],
  },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    unk_token: special(unknownId),
  },
};

/** The content of `tokenizer_config.json`. */
export const tokenizerConfigJson = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  unk_token: special(unknownId),
  pad_token: special(padId),
  eos_token: special(endId),
  padding_side: 'left',
  clean_up_tokenization_spaces: false,
  model_max_length: 512,
  chat_template: tinyChatTemplate,
};

const specialToken = new RegExp(`(${specialTokens.join('|')})`);
/** Runs of punctuation, ASCII's signs among them, and runs of anything else but white space. */
const word = /[\p{P}$+<=>^`|~]+|[^\s\p{P}$+<=>^`|~]+/gu;

/** Ids of a text, as `tokenizer.json` says: special tokens first, then words and signs. */
export function encode(text: string): number[] {
  // Every other part is a special token.
  return text
    .split(specialToken)
    .flatMap((part, index) => (index % 2 === 1 ? [part] : (part.match(word) ?? [])))
    .map(idOf);
}

/** The text of a reply: words with blanks between them, special tokens left out. */
export function decode(ids: readonly number[]): string {
  return ids
    .filter((id) => id >= specialTokens.length)
    .map((id) => vocabulary[id] ?? special(unknownId))
    .join(' ');
}

/** Ids of the chat prompt of one message, as the chat template renders it. */
export function encodeChat(contents: readonly string[]): number[] {
  return [...contents.flatMap(encode), replyId];
}

/** The tiny tokenizer and its chat template. */
export const tinyChat: ChatEncoder = {
  encode: (messages) => encodeChat(messages.map(({ content }) => content)),
  decode,
  spell: (tokens) => tokens.map((id) => vocabulary[id] ?? special(unknownId)).join(' '),
};
