/**
 * `/v1/chat/completions` and `/v1/responses`: a prompt that fits the model's window goes to it as it came; of a longer
 * one, document and question are found, the document is read, and the answer comes in the same shape.
 */
import { type RunResult, MemagentError } from '@memagent/core';
import { Hono, type MiddlewareHandler } from 'hono';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import type { FileStore } from '../files/file-store.ts';
import { eventStream, type ServerSentEvent, untilFailure } from '../http/event-stream.ts';
import { patientJson } from '../http/patient-json.ts';
import { readBody } from '../http/read-body.ts';
import { describeError, RequestError } from '../http/server-error.ts';
import type { ServerContext, ServerEnv } from '../http/server-env.ts';
import type { ModelRegistry, ServedModel, Upstream } from '../models/served-model.ts';
import { describe } from '../openapi/describe.ts';
import type { RunService } from '../runs/run-service.ts';
import type { RunSupervisor } from '../runs/run-supervisor.ts';
import type { Redact } from '../security/redact.ts';
import { parseSpooledJson, type SpooledJson } from '../spool/parse-json.ts';
import { createTextSpool } from '../spool/text-spool.ts';
import { chatChunks, chatCompletion, completionSchema, type ReplyOptions } from './chat-reply.ts';
import { finishUpstream } from './finish-upstream.ts';
import { type LongAnswer, type LongRequest, startLongAnswer } from './long-answer.ts';
import { listParts, type MessagePart } from './message-parts.ts';
import { createModelWindows, type ModelWindow } from './model-window.ts';
import { passThrough } from './pass-through.ts';
import {
  chatRequestSchema,
  fromChat,
  fromResponses,
  type PromptRequest,
  responseRequestSchema,
} from './prompt-requests.ts';
import { requestAround, wholeRequest } from './request-template.ts';
import { response, responseEvents, responseSchema } from './response-reply.ts';

export interface OpenAiApiOptions {
  /** Folder for what comes in; what is left there by a process that died is swept. */
  folder: string;
  files: FileStore;
  service: RunService;
  supervisor: RunSupervisor;
  registry: ModelRegistry;
  maxBodyBytes: number;
  redact: Redact;
  log: (line: string) => void;
}

/** How one of the two interfaces differs from the other. */
interface Dialect {
  path: '/chat/completions' | '/responses';
  parse: (body: unknown) => PromptRequest;
  whole: (answer: LongAnswer, result: RunResult, options: ReplyOptions) => object;
  stream: (
    answer: LongAnswer,
    options: ReplyOptions,
    signal: AbortSignal,
  ) => AsyncGenerator<ServerSentEvent | string>;
  /** The event that tells of a failure in mid-stream. */
  failure: (error: object) => ServerSentEvent;
}

const chat: Dialect = {
  path: '/chat/completions',
  parse: fromChat,
  whole: chatCompletion,
  stream: chatChunks,
  failure: (error) => ({ data: { error } }),
};

const responses: Dialect = {
  path: '/responses',
  parse: fromResponses,
  whole: response,
  stream: responseEvents,
  failure: (error) => ({ event: 'error', data: { type: 'error', sequence_number: 0, ...error } }),
};

/** What is to be done with a request, once it is known. */
interface Prompt {
  request: PromptRequest;
  body: { [key: string]: SpooledJson };
  parts: MessagePart[];
  others: string[];
  model: ServedModel;
  window: ModelWindow;
}

export function createOpenAiApi(options: OpenAiApiOptions): Hono<ServerEnv> {
  const { folder, files, service, supervisor, registry, maxBodyBytes, redact, log } = options;
  const windowOf = createModelWindows();

  function onFailure(error: unknown): void {
    log(redact(describeError(error).body.error.message));
  }

  /** Hands a prompt of so many tokens on to the model's server. */
  async function handOn(
    { req }: ServerContext,
    { path }: Dialect,
    { body, window }: Prompt,
    model: ServedModel & { upstream: Upstream },
    tokens: number,
  ): Promise<Response> {
    const request = limitReply(await wholeRequest(body), window.window - tokens);
    return passThrough({ model, path, request, tokens, signal: req.raw.signal, redact });
  }

  /** Answers a prompt. All that it needs of the body has been taken from it when this returns. */
  async function answer(context: ServerContext, dialect: Dialect, prompt: Prompt): Promise<Response> {
    const { request, parts, model, window } = prompt;
    const tokens = await tokensOf(prompt);
    const upstream = hasUpstream(model) ? model : undefined;
    // Clients that ask for long replies by habit get what the window has room for.
    const least = Math.min(request.maxTokens ?? window.outputTokens, window.outputTokens);
    if (upstream && tokens !== undefined && tokens + least <= window.window) {
      return handOn(context, dialect, prompt, upstream, tokens);
    }
    requireReadable(prompt);
    const long: LongRequest = {
      parts,
      model,
      window,
      settings: request.settings,
      origin: dialect === chat ? 'chat' : 'responses',
      caller: context.get('caller'),
      signal: context.req.raw.signal,
    };
    let started: LongAnswer;
    try {
      started = await startLongAnswer(long, { files, service, supervisor });
    } catch (error) {
      // There is nothing to read in it: then it is for the model's server to say what it makes of it.
      const isUndecided = error instanceof MemagentError && error.code === 'document-undecided';
      if (isUndecided && upstream && tokens !== undefined) {
        return handOn(context, dialect, prompt, upstream, tokens);
      }
      throw error;
    }
    try {
      return await reply(context, dialect, prompt, started);
    } catch (error) {
      await supervisor.cancel(started.runId);
      throw error;
    }
  }

  /** Follows a run to its answer. */
  async function reply(
    context: ServerContext,
    dialect: Dialect,
    { request, body, parts, model, window }: Prompt,
    started: LongAnswer,
  ): Promise<Response> {
    const { isStream } = request;
    const headers = { 'x-memagent-run': started.runId, 'x-memagent-rule': started.rule };
    const failure = (error: unknown): ServerSentEvent => {
      const described = describeError(error).body.error;
      return dialect.failure({ ...described, message: redact(described.message) });
    };
    if (request.needsUpstream && hasUpstream(model)) {
      const around = await requestAround(body, request.key, parts, started.found.document, window);
      const finish = { answer: started, around, model, path: dialect.path, tokens: window.outputTokens };
      return finishUpstream(context, { ...finish, isStream, headers, redact, failure, onFailure });
    }
    const shape: ReplyOptions = {
      model: request.model,
      maxTokens: request.maxTokens,
      window,
      showsProgress: request.showsProgress,
      includeUsage: request.includeUsage,
      created: Math.floor(Date.now() / 1000),
    };
    if (!isStream) {
      const whole = started.result.then((result) => dialect.whole(started, result, shape));
      return patientJson(context, whole, { headers, onFailure });
    }
    const events = (leaving: AbortSignal): AsyncGenerator<ServerSentEvent | string> =>
      dialect.stream(started, shape, leaving);
    return eventStream((leaving) => untilFailure(events(leaving), failure, leaving), {
      signal: context.req.raw.signal,
      headers,
    });
  }

  async function serve(context: ServerContext, dialect: Dialect): Promise<Response> {
    const spool = createTextSpool({ folder: join(folder, `.incoming-${randomUUID()}`) });
    try {
      const body = await parseSpooledJson(readBody(context, maxBodyBytes), spool);
      const request = dialect.parse(body);
      const model = registry.get(request.model);
      const listed = listParts(request.messages);
      const prompt = {
        request,
        body: body as Prompt['body'],
        model,
        window: await windowOf(model),
        ...listed,
      };
      return await answer(context, dialect, prompt);
    } finally {
      await spool.remove();
    }
  }

  const api = new Hono<ServerEnv>();
  api.post(
    chat.path,
    describePrompt('Answer a chat of any length', chatRequestSchema, completionSchema),
    (context) => serve(context, chat),
  );
  api.post(
    responses.path,
    describePrompt('Answer input of any length', responseRequestSchema, responseSchema),
    (context) => serve(context, responses),
  );
  return api;
}

function describePrompt(summary: string, request: z.ZodType, reply: z.ZodType): MiddlewareHandler {
  return describe({
    summary,
    description:
      'A prompt that fits the window of the model goes to it as it came. Of a longer one, document and question are told apart by the first of these rules that applies: a file, or a part with "document": true; <document> tags; the longest user message; the last, else the first, paragraph of the only message. The header x-memagent-rule, and memagent.rule in the reply, say which it was; x-memagent-run names the run.',
    tag: 'OpenAI',
    body: { 'application/json': request },
    reply: { schema: reply },
    errors: [400, 413, 429, 502],
  });
}

/** The request with no more tokens for the reply than there is room for, where it says how many. */
function limitReply(request: Record<string, unknown>, room: number): Record<string, unknown> {
  const names = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'];
  const changed = names.filter((name) => Number(request[name]) > room);
  return { ...request, ...Object.fromEntries(changed.map((name) => [name, Math.max(1, room)])) };
}

/** Tokens of the prompt; undefined where it does not fit, or has files that only this server knows. */
async function tokensOf({ request, parts, window }: Prompt): Promise<number | undefined> {
  return parts.some(({ file }) => file !== undefined) ? undefined : window.countPrompt(parts, request.beside);
}

function hasUpstream(model: ServedModel): model is ServedModel & { upstream: Upstream } {
  return model.upstream !== undefined;
}

/** Throws a `RequestError` for what reading cannot do. */
function requireReadable({ request, others, model }: Prompt): void {
  const [other] = others;
  if (other !== undefined) {
    throw new RequestError(
      400,
      'unsupported_content',
      `A part of type ${JSON.stringify(other)} cannot be read: a prompt that is longer than the window may have text and files alone.`,
      { param: request.key },
    );
  }
  if (request.unsupported !== undefined) {
    throw new RequestError(
      400,
      'unsupported_parameter',
      `${request.unsupported} cannot be used with a prompt that is longer than the window.`,
      { param: request.unsupported },
    );
  }
  if (request.needsUpstream && !hasUpstream(model)) throw noUpstream(model);
}

function noUpstream({ id }: ServedModel): RequestError {
  return new RequestError(
    400,
    'unsupported_parameter',
    `${id} has no language model behind an OpenAI-compatible address: it reads documents, without tools and formats.`,
  );
}
