/** Replies of `/v1/responses`, whole and as a stream. */
import type { RunResult } from '@memagent/core';
import { z } from 'zod';
import type { ServerSentEvent } from '../http/event-stream.ts';
import type { ReplyOptions } from './chat-reply.ts';
import { describeAnswer, limitAnswer, type LongAnswer } from './long-answer.ts';
import { splitDeltas } from './split-deltas.ts';
import { responseUsage } from './usage.ts';

export const responseSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('response'),
    created_at: z.int(),
    status: z.string(),
    model: z.string(),
    output: z.array(z.looseObject({})),
    usage: z.looseObject({}).nullable(),
    memagent: z.looseObject({}).optional().meta({
      description: 'Of prompts that were read: run_id, rule, found, sections, tokens, citations.',
    }),
  })
  .meta({ id: 'Response' });

/** What every response has, whatever it says. */
function envelope({ runId }: Pick<LongAnswer, 'runId'>, { model, created }: ReplyOptions) {
  return {
    id: `resp_${runId}`,
    object: 'response',
    created_at: created,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    temperature: null,
    top_p: null,
  };
}

function outputText(text: string) {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function outputMessage<Content extends readonly object[]>(runId: string, status: string, content: Content) {
  return { type: 'message', id: `msg_${runId}`, status, role: 'assistant', content };
}

export function response(answer: LongAnswer, result: RunResult, options: ReplyOptions) {
  const { text, isCut } = limitAnswer(result, options.maxTokens, options.window);
  const status = isCut ? 'incomplete' : 'completed';
  return {
    ...envelope(answer, options),
    status,
    ...(isCut ? { incomplete_details: { reason: 'max_output_tokens' } } : {}),
    output: [outputMessage(answer.runId, status, [outputText(text)] as const)] as const,
    usage: responseUsage(result.usage),
    memagent: describeAnswer(answer, result),
  };
}

/** The events of a streamed reply. Throws what ends the run. */
export async function* responseEvents(
  answer: LongAnswer,
  options: ReplyOptions,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent | string> {
  let number = 0;
  const event = (type: string, data: object): ServerSentEvent => ({
    event: type,
    data: { type, sequence_number: number++, ...data },
  });
  const begun = { ...envelope(answer, options), status: 'in_progress', output: [], usage: null };
  yield event('response.created', { response: begun });
  yield event('response.in_progress', { response: begun });
  // Progress goes out as comments: the reasoning of a response is an item of its own, which clients keep.
  yield* answer.progress(signal);
  const result = await answer.result;
  const whole = response(answer, result, options);
  const [item] = whole.output;
  const [text] = item.content;
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  yield event('response.output_item.added', {
    output_index: 0,
    item: outputMessage(answer.runId, 'in_progress', []),
  });
  yield event('response.content_part.added', { ...place, part: outputText('') });
  for (const delta of splitDeltas(text.text)) {
    yield event('response.output_text.delta', { ...place, delta, logprobs: [] });
  }
  yield event('response.output_text.done', { ...place, text: text.text, logprobs: [] });
  yield event('response.content_part.done', { ...place, part: text });
  yield event('response.output_item.done', { output_index: 0, item });
  yield event(whole.status === 'completed' ? 'response.completed' : 'response.incomplete', {
    response: whole,
  });
}
