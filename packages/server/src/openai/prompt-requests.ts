/** What the two interfaces of OpenAI ask for, in common terms. */
import { z } from 'zod';
import type { GivenRunSettings } from '../runs/run-settings.ts';
import { defined } from '../defined.ts';
import { type Message, messageSchema, messageSchemaWith, type Text, textSchema } from './message-parts.ts';

/** A prompt, whichever interface it came by. */
export interface PromptRequest {
  model: string;
  /** In the order of the list that `key` names; what stands beside that list follows. */
  messages: Message[];
  key: 'messages' | 'input';
  isStream: boolean;
  includeUsage: boolean;
  showsProgress: boolean;
  maxTokens: number | undefined;
  settings: GivenRunSettings;
  /** Whether the reply has to come from the model's own server: tools, or a format. */
  needsUpstream: boolean;
  /** Sent beside the messages, and counted with them. */
  beside: unknown;
  /** What only the model's own server can do something with, by its name in the request. */
  unsupported: string | undefined;
}

const tokens = z.int().positive().nullish();

const ownSchema = z
  .object({ progress: z.enum(['comment', 'reasoning']).optional() })
  .optional()
  .meta({ description: 'Of this server: how the progress of a long prompt is told in a stream.' });

const samplingShape = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
};

function chatSchemaWith<Schema extends z.ZodType<Text>>(text: Schema) {
  return z.looseObject({
    model: z.string(),
    messages: z.array(messageSchemaWith(text)).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    ...samplingShape,
    seed: z.int().nullish(),
    n: z.int().positive().nullish(),
    tools: z.array(z.unknown()).nullish(),
    functions: z.array(z.unknown()).nullish(),
    response_format: z.looseObject({ type: z.string() }).nullish(),
    memagent: ownSchema,
  });
}

function responseSchemaWith<Schema extends z.ZodType<Text>>(text: Schema) {
  // Beside messages there are items of other kinds, such as the outcome of a function.
  const message = messageSchemaWith(text);
  const item = z.union([
    message,
    z.looseObject({ type: z.literal('function_call_output'), output: message.shape.content }),
    z.looseObject({ type: z.string() }),
  ]);
  return z.looseObject({
    model: z.string(),
    input: z.union([text, z.array(item).min(1)]),
    instructions: text.nullish(),
    stream: z.boolean().nullish(),
    max_output_tokens: tokens,
    ...samplingShape,
    tools: z.array(z.unknown()).nullish(),
    text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
    previous_response_id: z.string().nullish(),
    conversation: z.unknown().optional(),
    background: z.boolean().nullish(),
  });
}

const chatSchema = chatSchemaWith(textSchema);
const responseSchema = responseSchemaWith(textSchema);

/** The same for people: whether a text lies in a file is no concern of theirs. */
export const chatRequestSchema = chatSchemaWith(z.string()).meta({ id: 'ChatRequest' });
export const responseRequestSchema = responseSchemaWith(z.string()).meta({ id: 'ResponseRequest' });

export function fromChat(body: unknown): PromptRequest {
  const request = chatSchema.parse(body);
  const { tools, functions, response_format: format, n, stream, stream_options } = request;
  return {
    model: request.model,
    messages: request.messages,
    key: 'messages',
    isStream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    showsProgress: request.memagent?.progress === 'reasoning',
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    settings: settingsOf(request),
    needsUpstream: hasItems(tools) || hasItems(functions) || isFormatted(format?.type),
    beside: { tools, functions, format, calls: request.messages.map((message) => message.tool_calls) },
    unsupported: (n ?? 1) > 1 ? 'n' : undefined,
  };
}

export function fromResponses(body: unknown): PromptRequest {
  const request = responseSchema.parse(body);
  const { input, instructions, tools, text, stream } = request;
  const items = Array.isArray(input) ? input.map(messageOf) : [{ role: 'user', content: input }];
  const unsupported = (['previous_response_id', 'conversation', 'background'] as const).find(
    (name) => request[name] !== undefined && request[name] !== null && request[name] !== false,
  );
  return {
    model: request.model,
    messages: instructions ? [...items, { role: 'developer', content: instructions }] : items,
    key: 'input',
    isStream: stream ?? false,
    includeUsage: true,
    showsProgress: false,
    maxTokens: request.max_output_tokens ?? undefined,
    settings: settingsOf(request),
    needsUpstream: hasItems(tools) || isFormatted(text?.format?.type),
    beside: { tools, text },
    unsupported,
  };
}

/** An item as a message; one that says nothing keeps its place. */
function messageOf(item: object): Message {
  const message = messageSchema.safeParse(item);
  if (message.success) return message.data;
  const { data } = messageSchema.shape.content.safeParse('output' in item ? item.output : undefined);
  return data === undefined ? { role: 'none' } : { role: 'tool', content: data };
}

function settingsOf(request: {
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  seed?: unknown;
}): GivenRunSettings {
  const { temperature, top_p: topP, seed } = request;
  return defined({
    temperature: temperature ?? undefined,
    topP: topP ?? undefined,
    seed: typeof seed === 'number' ? seed : undefined,
  });
}

function hasItems(list: readonly unknown[] | null | undefined): boolean {
  return (list ?? []).length > 0;
}

function isFormatted(type: string | undefined): boolean {
  return type !== undefined && type !== 'text';
}
