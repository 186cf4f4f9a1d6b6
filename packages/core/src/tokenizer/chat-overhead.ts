import type { PromptMessage } from './tokenizer.ts';

/** Tokens that a chat format adds to the texts of its messages. */
export interface ChatOverhead {
  /** Opening and closing a message, its role included. */
  perMessage: number;
  /** Once per prompt: the beginning, the generation prompt, and a default system prompt if there is one. */
  perPrompt: number;
}

/** As OpenAI documents it for its chat models: 3 per message and 1 for the role; 3 open the reply. */
export const openaiChat: ChatOverhead = Object.freeze({ perMessage: 4, perPrompt: 3 });

/**
 * An upper bound for the harmony format of gpt-oss, which puts a system message of its own (date, channels,
 * reasoning effort; about 70 tokens) first and turns ours into a developer message with a title.
 */
export const harmonyChat: ChatOverhead = Object.freeze({ perMessage: 10, perPrompt: 96 });

/**
 * For chat templates that are not known: more than those of Llama, Qwen, Gemma, Phi and DeepSeek add, with
 * the default system prompts of the first two. A template with a longer one shows in what the server reports.
 */
export const unknownChat: ChatOverhead = Object.freeze({ perMessage: 8, perPrompt: 48 });

/** Tokens of a prompt whose texts are counted with `count`. */
export function countChat(
  messages: readonly PromptMessage[],
  { perMessage, perPrompt }: ChatOverhead,
  count: (text: string) => number,
): number {
  return messages.reduce((sum, { content }) => sum + perMessage + count(content), perPrompt);
}
