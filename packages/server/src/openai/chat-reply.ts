/** Replies of `/v1/chat/completions`, whole and as a stream. */
import type { RunResult } from '@memagent/core';
import { z } from 'zod';
import type { ServerSentEvent } from '../http/event-stream.ts';
import { describeAnswer, limitAnswer, type LongAnswer } from './long-answer.ts';
import type { ModelWindow } from './model-window.ts';
import { splitDeltas } from './split-deltas.ts';
import { chatUsage } from './usage.ts';

export interface ReplyOptions {
  /** The model's name, as the client has it. */
  model: string;
  /** Most tokens of the answer. */
  maxTokens: number | undefined;
  window: ModelWindow;
  /** Whether progress goes out as reasoning rather than as comments. */
  showsProgress: boolean;
  /** Whether a stream ends with the usage. */
  includeUsage: boolean;
  /** Seconds since the epoch. */
  created: number;
}

export const completionSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(z.looseObject({})),
    usage: z.looseObject({}),
    memagent: z.looseObject({}).optional().meta({
      description: 'Of prompts that were read: run_id, rule, found, sections, tokens, citations.',
    }),
  })
  .meta({ id: 'ChatCompletion' });

export function chatCompletion(answer: LongAnswer, result: RunResult, options: ReplyOptions) {
  const { text, isCut } = limitAnswer(result, options.maxTokens, options.window);
  return {
    id: `chatcmpl-${answer.runId}`,
    object: 'chat.completion',
    created: options.created,
    model: options.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: isCut ? 'length' : 'stop',
      },
    ],
    usage: chatUsage(result.usage),
    memagent: describeAnswer(answer, result),
  };
}

/** The chunks of a streamed reply. Throws what ends the run. */
export async function* chatChunks(
  answer: LongAnswer,
  { model, maxTokens, window, showsProgress, includeUsage, created }: ReplyOptions,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent | string> {
  const chunk = (delta: object, finish: string | null = null, rest: object = {}): ServerSentEvent => ({
    data: {
      id: `chatcmpl-${answer.runId}`,
      object: 'chat.completion.chunk',
      created,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(includeUsage ? { usage: null } : {}),
      ...rest,
    },
  });
  yield chunk({ role: 'assistant', content: '' });
  for await (const line of answer.progress(signal)) {
    yield showsProgress ? chunk({ reasoning_content: `${line}\n` }) : line;
  }
  const result = await answer.result;
  const { text, isCut } = limitAnswer(result, maxTokens, window);
  for (const content of splitDeltas(text)) yield chunk({ content });
  yield chunk({}, isCut ? 'length' : 'stop', { memagent: describeAnswer(answer, result) });
  if (includeUsage) {
    yield {
      data: {
        id: `chatcmpl-${answer.runId}`,
        object: 'chat.completion.chunk',
        created,
        model,
        choices: [],
        usage: chatUsage(result.usage),
      },
    };
  }
  yield { data: '[DONE]' };
}
