/** Chat templates as models publish them: Jinja, in `tokenizer_config.json` or a file beside it. */
import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { PromptMessage } from './tokenizer.ts';

/** A special token is given as its text or as an object with its text. */
const specialToken = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish();

/** What we read of `tokenizer_config.json`. */
export const tokenizerConfigSchema = z.looseObject({
  bos_token: specialToken,
  eos_token: specialToken,
  unk_token: specialToken,
  pad_token: specialToken,
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});

export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

/** The template in use: of several, the one called `default`, else the first. */
export function findChatTemplate({ chat_template: templates }: TokenizerConfig): string | undefined {
  if (!Array.isArray(templates)) return templates ?? undefined;
  return (templates.find(({ name }) => name === 'default') ?? templates[0])?.template;
}

/**
 * Returns a function that renders a prompt in each way in which a server may render it: templates of models
 * that can reason or not differ by what `enable_thinking` is, which each server sets by rules of its own.
 * Throws what the template throws, for example for a message with a role that it does not allow.
 */
export function createChatRenderer(
  source: string,
  config: TokenizerConfig,
): (messages: readonly PromptMessage[]) => string[] {
  const template = parseTemplate(source);
  const { bos_token = '', eos_token = '', unk_token = '', pad_token = '' } = config;
  const variants = source.includes('enable_thinking')
    ? [{}, { enable_thinking: false }, { enable_thinking: true }]
    : [{}];
  return (messages) =>
    variants.map((variant) =>
      template.render({
        bos_token,
        eos_token,
        unk_token,
        pad_token,
        messages,
        add_generation_prompt: true,
        ...variant,
      }),
    );
}

function parseTemplate(source: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw new SyntaxError(`its chat template is no Jinja (${messageOf(error)})`, { cause: error });
  }
}
