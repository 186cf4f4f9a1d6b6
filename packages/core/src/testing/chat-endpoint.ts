/**
 * `POST /v1/chat/completions` of the test server, from the request to the reply: understand, refuse what a real
 * server refuses, write, spoil, send.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { renderError, type ChatReply, type ChatUsage } from './chat-completion.ts';
import { parseChatRequest, type ChatRequest } from './chat-request.ts';
import { bodyDigest, type Fault, type FaultDecision } from './fault-plan.ts';
import type { FollowedPrompt, PromptFollower } from './follow-prompt.ts';
import { keepTokens } from './keep-tokens.ts';
import { trackRequest, type LoopbackRequest, type LoopbackStats } from './loopback-stats.ts';
import { hang, sendReply, type HttpContext } from './send-reply.ts';
import { spoilReply } from './spoil-reply.ts';

export interface ChatEndpointOptions {
  models: readonly string[];
  follow: PromptFollower;
  /** Without a tokenizer nothing is counted, checked, cut or recorded. */
  tokenizer: Tokenizer | undefined;
  window: number;
  promptCut: number;
  countCached: boolean;
  latencyMs: number;
  decideFault: FaultDecision | undefined;
  retryAfterSeconds: number;
  now: () => number;
  stats: LoopbackStats;
  requests: LoopbackRequest[];
}

/** A request that is well formed, on its way to a reply. */
interface Accepted {
  request: ChatRequest;
  followed: FollowedPrompt;
  promptTokens: number;
  cachedTokens: number;
  fault: Fault | undefined;
}

/** Most tokens of a reply to a request that does not limit it. */
const defaultMaxTokens = 4096;

/** Makes the handler. It remembers how often each body came, and the last prompt for `countCached`. */
export function createChatEndpoint(options: ChatEndpointOptions): (c: HttpContext) => Promise<Response> {
  const { tokenizer, window, promptCut, stats } = options;
  const attempts = new Map<string, number>();
  let previousPrompt = '';

  function countShared(prompt: string): number {
    const shared = commonPrefix(previousPrompt, prompt);
    previousPrompt = prompt;
    return tokenizer?.count(shared) ?? 0;
  }

  return async (c) => {
    const tracked = trackRequest(stats, c.env.outgoing);
    const { number } = tracked;
    const body = await c.req.text();
    const request = parseChatRequest(body);
    if (typeof request === 'string') return refuse(c, 400, request);
    const { model, messages, maxTokens, json } = request;
    if (!options.models.includes(model)) return refuse(c, 404, `The model \`${model}\` does not exist.`);

    const digest = options.decideFault || tokenizer ? bodyDigest(body) : '';
    const attempt = (attempts.get(digest) ?? 0) + 1;
    attempts.set(digest, attempt);
    const promptTokens = tokenizer?.countPrompt(messages) ?? 0;
    stats.maxPromptTokens = Math.max(stats.maxPromptTokens, promptTokens);
    const isCut = tokenizer !== undefined && promptTokens > promptCut;
    const followed = options.follow(isCut ? cutPrompt(messages, promptCut, tokenizer) : messages);
    const { step } = followed;
    const isOverWindow = promptTokens + (maxTokens ?? 1) > window;
    const fault = isOverWindow ? undefined : options.decideFault?.({ number, attempt, digest, step });
    tracked.fault = fault;
    if (fault) stats.faults[fault.kind] += 1;
    if (tokenizer) {
      const { requests } = options;
      requests.push({
        number,
        attempt,
        body: json,
        messages,
        promptTokens,
        maxTokens,
        step,
        fault: fault?.kind,
      });
    }
    if (isOverWindow) {
      stats.overWindow += 1;
      return refuse(c, 400, overWindowMessage(window, promptTokens, maxTokens ?? 1));
    }
    const cachedTokens = options.countCached ? countShared(textOf(messages)) : 0;
    return answer(c, { request, followed, promptTokens, cachedTokens, fault }, options);
  };
}

async function answer(
  c: HttpContext,
  { request, followed, promptTokens, cachedTokens, fault }: Accepted,
  options: ChatEndpointOptions,
): Promise<Response> {
  const { tokenizer, window, promptCut } = options;
  if (fault?.kind === 'rate-limit') return limitRate(c, fault, options);
  if (fault?.kind === 'hang') return hang(c);
  if (options.latencyMs > 0) await delay(options.latencyMs);
  if (fault?.kind === 'server-error') return refuse(c, 500, 'Internal server error.');

  const maxTokens = Math.min(request.maxTokens ?? defaultMaxTokens, window - promptTokens);
  const text = await followed.write();
  const kept = tokenizer ? keepTokens(text, maxTokens, tokenizer, 'start') : text;
  const honest: ChatReply = { text: kept, finishReason: kept === text ? 'stop' : 'length' };
  const reply = fault ? spoilReply(honest, fault, maxTokens, tokenizer) : honest;
  const usage = tokenizer && countUsage(reply, Math.min(promptTokens, promptCut), cachedTokens, tokenizer);
  return sendReply(c, request, usage ? { ...reply, usage } : reply, fault?.kind);
}

function cutPrompt(
  messages: readonly PromptMessage[],
  maxTokens: number,
  tokenizer: Tokenizer,
): PromptMessage[] {
  return [{ role: 'user', content: keepTokens(textOf(messages), maxTokens, tokenizer, 'end') }];
}

function countUsage(
  { text, reasoning, refusal }: ChatReply,
  promptTokens: number,
  cachedTokens: number,
  tokenizer: Tokenizer,
): ChatUsage {
  const count = (part: string | null | undefined): number => (part ? tokenizer.count(part) : 0);
  const reasoningTokens = count(reasoning);
  const completionTokens = count(text) + count(refusal) + reasoningTokens;
  return {
    promptTokens,
    completionTokens,
    cachedTokens: Math.min(cachedTokens, promptTokens),
    reasoningTokens,
  };
}

function textOf(messages: readonly PromptMessage[]): string {
  return messages.map(({ content }) => content).join('\n');
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return b.slice(0, length);
}

/** 429 with Retry-After, in seconds or as an HTTP date, whose resolution is a second too. */
function limitRate(
  c: HttpContext,
  { variant }: Fault,
  { retryAfterSeconds, now }: ChatEndpointOptions,
): Response {
  const date = new Date((Math.ceil(now() / 1000) + retryAfterSeconds) * 1000).toUTCString();
  c.header('retry-after', variant === 0 ? String(retryAfterSeconds) : date);
  return refuse(c, 429, 'Rate limit reached. Please try again later.');
}

const errorTypes = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  429: 'RateLimitError',
  500: 'InternalServerError',
} as const;

function refuse(c: HttpContext, status: keyof typeof errorTypes, message: string): Response {
  return c.body(renderError(message, errorTypes[status], status), status, {
    'content-type': 'application/json',
  });
}

/** In vLLM's words, which clients look for. */
function overWindowMessage(window: number, promptTokens: number, maxTokens: number): string {
  return `This model's maximum context length is ${window} tokens. However, you requested ${promptTokens + maxTokens} tokens (${promptTokens} in the messages, ${maxTokens} in the completion). Please reduce the length of the messages or completion.`;
}
