/**
 * Tools and formats are the model's own: the document is read, and the request goes to the model's server with the
 * memory in the document's place. The usage that comes back is that of the reading and of this call together.
 */
import { inPlaceOf, type RunResult } from '@memagent/core';
import { eventStream, type ServerSentEvent, untilFailure } from '../http/event-stream.ts';
import { patientJson } from '../http/patient-json.ts';
import { RequestError } from '../http/server-error.ts';
import type { ServerContext } from '../http/server-env.ts';
import type { ServedModel, Upstream } from '../models/served-model.ts';
import type { Redact } from '../security/redact.ts';
import { describeAnswer, type LongAnswer } from './long-answer.ts';
import { passThrough } from './pass-through.ts';
import { addReported, chatUsage, responseUsage } from './usage.ts';

export interface FinishOptions {
  answer: LongAnswer;
  /** The request, with something in the document's place. */
  around: (text: string) => Record<string, unknown>;
  model: ServedModel & { upstream: Upstream };
  path: '/chat/completions' | '/responses';
  isStream: boolean;
  /** Tokens of the reply, for the limits on what goes out. */
  tokens: number;
  headers: Record<string, string>;
  redact: Redact;
  failure: (error: unknown) => ServerSentEvent;
  onFailure: (error: unknown) => void;
}

export async function finishUpstream(context: ServerContext, options: FinishOptions): Promise<Response> {
  const { answer, headers, isStream, failure, onFailure } = options;
  const { signal } = context.req.raw;
  if (!isStream) {
    const whole = async (): Promise<object> => {
      const result = await answer.result;
      const reply = (await (await ask(options, result, signal)).json()) as Record<string, unknown>;
      return addReading(reply, options, result);
    };
    return patientJson(context, whole(), { headers, onFailure });
  }
  async function* events(leaving: AbortSignal): AsyncGenerator<ServerSentEvent | string> {
    yield* answer.progress(leaving);
    const result = await answer.result;
    for await (const event of eventsOf(await ask(options, result, leaving))) {
      yield withReading(event, options, result);
    }
  }
  return eventStream((leaving) => untilFailure(events(leaving), failure, leaving), { signal, headers });
}

async function ask(
  { around, model, path, tokens, redact }: FinishOptions,
  { memory }: RunResult,
  signal: AbortSignal,
): Promise<Response> {
  const request = around(inPlaceOf(memory));
  const reply = await passThrough({ model, path, request, tokens, signal, redact });
  if (reply.ok) return reply;
  throw new RequestError(502, 'upstream_failed', `The model's server refused: ${await reply.text()}`);
}

/** An event of the model's server, with the reading added to its usage. */
function withReading(
  { event, data }: ServerSentEvent,
  options: FinishOptions,
  result: RunResult,
): ServerSentEvent {
  const named = event === undefined ? {} : { event };
  if (data === '[DONE]') return { ...named, data };
  const parsed = JSON.parse(String(data)) as Record<string, unknown>;
  const inner = parsed['response'];
  if (isRecord(inner)) return { ...named, data: { ...parsed, response: addReading(inner, options, result) } };
  return { ...named, data: addReading(parsed, options, result) };
}

function addReading(
  reply: Record<string, unknown>,
  { answer, path }: FinishOptions,
  result: RunResult,
): Record<string, unknown> {
  if (!isRecord(reply['usage'])) return reply;
  const reading = path === '/responses' ? responseUsage(result.usage) : chatUsage(result.usage);
  return {
    ...reply,
    usage: addReported(reading, reply['usage']),
    memagent: describeAnswer(answer, result),
  };
}

/** The events of a stream of server-sent events. */
async function* eventsOf({ body }: Response): AsyncGenerator<ServerSentEvent> {
  if (body === null) return;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: ?(.*)$/m.exec(block)?.[1];
      const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n');
      if (data !== '') yield { data, ...(event === undefined ? {} : { event }) };
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
