/** The encodings of OpenAI's models. Text that looks like a special token is ordinary text in a document. */
import { MemagentError } from '../errors.ts';
import { countChat, harmonyChat, openaiChat } from './chat-overhead.ts';
import type { Encoding } from './encoding/encoding.ts';
import { createPieceCounter } from './encoding/piece-counter.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Loads an encoding on first use: each takes about a tenth of a second and 20 MB, once per process. */
const encodings = {
  o200k_base: async () => (await import('./encoding/o200k-base.ts')).o200kBase,
  o200k_harmony: async () => (await import('./encoding/o200k-base.ts')).o200kBase,
  cl100k_base: async () => (await import('./encoding/cl100k-base.ts')).cl100kBase,
  p50k_base: async () => (await import('./encoding/p50k-base.ts')).p50kBase,
  r50k_base: async () => (await import('./encoding/r50k-base.ts')).r50kBase,
  gpt2: async () => (await import('./encoding/r50k-base.ts')).r50kBase,
} satisfies Record<string, () => Promise<Encoding>>;

export type TiktokenName = keyof typeof encodings;

/** The encodings by name. */
export const tiktokenNames = Object.freeze(Object.keys(encodings) as TiktokenName[]);

export function isTiktokenName(name: string): name is TiktokenName {
  return Object.hasOwn(encodings, name);
}

/** A tokenizer for one of tiktoken's encodings. Throws `invalid-option` for any other name. */
export async function createTiktokenTokenizer(name: TiktokenName): Promise<Tokenizer> {
  if (!isTiktokenName(name)) {
    throw new MemagentError(
      `Cannot load the encoding ${JSON.stringify(name)}. Use one of ${tiktokenNames.join(', ')}.`,
      { code: 'invalid-option', data: { name } },
    );
  }
  const count = createPieceCounter(await encodings[name]());
  const overhead = name === 'o200k_harmony' ? harmonyChat : openaiChat;
  return {
    name,
    exact: true,
    count,
    countPrompt: (messages) => countChat(messages, overhead, count),
    parts: {
      weigh: (part) => ({ base: count(part) }),
      tokens: ({ base }) => base,
    },
  };
}
