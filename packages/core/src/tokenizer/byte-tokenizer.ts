import { countChat, unknownChat } from './chat-overhead.ts';
import type { Tokenizer } from './tokenizer.ts';

const count = (text: string): number => Buffer.byteLength(text);

/** A token for each byte of UTF-8: what no other tokenizer exceeds. */
export const byteTokenizer: Tokenizer = Object.freeze({
  name: 'bytes',
  exact: true,
  count,
  countPrompt: (messages) => countChat(messages, unknownChat, count),
  parts: { weigh: (part) => ({ base: count(part) }), tokens: ({ base }) => base },
} satisfies Tokenizer);
