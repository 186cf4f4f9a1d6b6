/** Any tokenizer that was published as a `tokenizer.json`, with the model's own chat template if it is there. */
import { Tokenizer as HuggingFace } from '@huggingface/tokenizers';
import { z } from 'zod';
import { countChat, unknownChat } from './chat-overhead.ts';
import {
  createChatRenderer,
  findChatTemplate,
  type TokenizerConfig,
  tokenizerConfigSchema,
} from './chat-template.ts';
import { createSliceCounter } from './count-slices.ts';
import {
  type HuggingFaceFiles,
  invalidTokenizer,
  readHuggingFaceFiles,
  shortHash,
} from './hugging-face-files.ts';
import { splitsAtSeams } from './splits-at-seams.ts';
import type { PromptMessage, Tokenizer } from './tokenizer.ts';

export interface HuggingFaceOptions {
  /** A `tokenizer.json`, the folder that holds it, or its content. */
  tokenizer: string | object;
  /** The content of `tokenizer_config.json`; by default the file beside `tokenizer.json`. */
  config?: object;
}

/** What the library needs to find; files may leave out what is null. */
export const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.union([z.record(z.string(), z.number()), z.array(z.unknown())]) }),
  normalizer: z.unknown().default(null),
  pre_tokenizer: z.unknown().default(null),
  post_processor: z.unknown().default(null),
  decoder: z.unknown().default(null),
  added_tokens: z.array(z.unknown()).default([]),
});

/** Loads a tokenizer. Throws `invalid-tokenizer` if it cannot be read or is of a kind that is not supported. */
export async function createHuggingFaceTokenizer(options: HuggingFaceOptions): Promise<Tokenizer> {
  const files: HuggingFaceFiles =
    typeof options.tokenizer === 'string'
      ? await readHuggingFaceFiles(options.tokenizer)
      : { tokenizer: options.tokenizer, hash: shortHash(JSON.stringify(options.tokenizer)) };
  const name = `hf:${files.hash}`;
  try {
    const config = tokenizerConfigSchema.parse(options.config ?? files.config ?? {});
    const library = new HuggingFace(tokenizerSchema.parse(files.tokenizer), config);
    const splits = splitsAtSeams(library);
    const count = createSliceCounter((text) => library.tokenize(text), { splits });
    count('Loaded.'); // Some kinds are only refused when they are used.
    return {
      name,
      exact: true,
      count,
      countPrompt: createPromptCounter(files.chatTemplate ?? findChatTemplate(config), config, count),
      ...(splits
        ? {
            parts: {
              weigh: (part) => ({ base: count(part) }),
              tokens: ({ base }) => base,
            },
          }
        : {}),
    };
  } catch (error) {
    throw invalidTokenizer(typeof options.tokenizer === 'string' ? options.tokenizer : name, error);
  }
}

/** Counts what the template renders; without a template, or where it refuses the messages, an upper bound. */
function createPromptCounter(
  template: string | undefined,
  config: TokenizerConfig,
  count: (text: string) => number,
): Tokenizer['countPrompt'] {
  const bound = (messages: readonly PromptMessage[]): number => countChat(messages, unknownChat, count);
  if (template === undefined) return bound;
  const render = createChatRenderer(template, config);
  return (messages) => {
    let prompts: string[];
    try {
      prompts = render(messages);
    } catch {
      return bound(messages);
    }
    return Math.max(...prompts.map(count));
  };
}
