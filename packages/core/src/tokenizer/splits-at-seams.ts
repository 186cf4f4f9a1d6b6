import type { Tokenizer } from '@huggingface/tokenizers';
import { isSeam } from './seam.ts';

/** What can stand before a seam: letters of every kind, and digits. */
const before = ['word', 'WORD', 'Word', 'é', 'слово', 'ǅ', 'ʰ', '好的', 'かな', '한국', 'شيء', '12345'];

/** What can stand after one: white space and punctuation, and what may be joined with them. */
const after = [
  ' next',
  '  next',
  '\n\nNext',
  '\r\n next',
  '\tnext',
  '\u00a0next',
  '\u3000好',
  ' 12',
  ' .',
].concat([', next', ',next', ',12', '; ', '!"', '?', '…', '—next', '“Next”', '。好', '，好的']);

/**
 * Whether a published tokenizer always begins a new word at a seam. Its rules are data of the file and cannot be
 * decided in general: they are tried on every kind of character that a seam can have beside it.
 */
export function splitsAtSeams(tokenizer: Tokenizer): boolean {
  const { normalizer, pre_tokenizer: splitter } = tokenizer;
  if (splitter === null) return false;
  const words = (text: string): string[] =>
    splitter.pre_tokenize(normalizer ? normalizer.normalize(text) : text, { section_index: 0 });
  const splits = before.every((left) =>
    after.every((right) => {
      const parts = [...words(left), ...words(right)];
      const whole = words(left + right);
      return whole.length === parts.length && whole.every((word, index) => word === parts[index]);
    }),
  );
  return splits && !addedTokens(tokenizer).some(hasSeam);
}

function addedTokens(tokenizer: Tokenizer): string[] {
  return [...tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content);
}

function hasSeam(text: string): boolean {
  return Array.from(text, (_, index) => index).some((index) => isSeam(text, index));
}
