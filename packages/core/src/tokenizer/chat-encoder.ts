/** A model's prompts as token ids, for engines that take and give tokens instead of text. */
import { Tokenizer as HuggingFace } from '@huggingface/tokenizers';
import { createChatRenderer, findChatTemplate, tokenizerConfigSchema } from './chat-template.ts';
import { invalidTokenizer, readHuggingFaceFiles } from './hugging-face-files.ts';
import { tokenizerSchema } from './hugging-face-tokenizer.ts';
import type { PromptMessage } from './tokenizer.ts';

export interface ChatEncoder {
  /** A chat prompt as the model's own template renders it, ready for the reply; reasoning is switched off where a model can. */
  encode(messages: readonly PromptMessage[]): number[];
  /** The text of a reply, special tokens left out. */
  decode(tokens: readonly number[]): string;
  /** All tokens as text, special ones included. */
  spell(tokens: readonly number[]): string;
}

/** Loads the encoder from the folder of a published tokenizer. Throws `invalid-tokenizer`, also where it has no chat template. */
export async function loadChatEncoder(folder: string): Promise<ChatEncoder> {
  const files = await readHuggingFaceFiles(folder);
  try {
    const config = tokenizerConfigSchema.parse(files.config ?? {});
    const library = new HuggingFace(tokenizerSchema.parse(files.tokenizer), config);
    const template = files.chatTemplate ?? findChatTemplate(config);
    if (template === undefined) throw new TypeError('there is no chat template beside it');
    const render = createChatRenderer(template, config);
    return {
      encode(messages) {
        // Where reasoning can be switched off, the ways are: as the template has it, off, on.
        const ways = render(messages);
        return library.encode(ways[1] ?? ways[0] ?? '', { add_special_tokens: false }).ids;
      },
      decode: (tokens) => library.decode([...tokens], { skip_special_tokens: true }),
      spell: (tokens) => library.decode([...tokens], { skip_special_tokens: false }),
    };
  } catch (error) {
    throw invalidTokenizer(folder, error);
  }
}
