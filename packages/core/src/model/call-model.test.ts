import { APICallError } from '@ai-sdk/provider';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import type { StepContext } from '../reader/reader.ts';
import type { RunEventBody } from '../run/events.ts';
import {
  createScriptedModel,
  type ScriptedReply,
  type ScriptedReplyFunction,
} from '../testing/scripted-model.ts';
import type { Tokenizer, TokenReport } from '../tokenizer/tokenizer.ts';
import { createModelCaller } from './call-model.ts';
import { createLimits } from './limits.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { Sampling } from './send-request.ts';

const retry: RetryPolicy = {
  retries: 3,
  minDelayMs: 1,
  maxDelayMs: 2,
  maxRetryAfterMs: 50,
  timeoutMs: 1000,
  repairs: 2,
};
const tokenizer: Tokenizer = {
  name: 'test',
  exact: true,
  count: (text) => text.length,
  countPrompt: () => 1000,
};
const request = {
  messages: [{ role: 'user' as const, content: 'hello' }],
  promptTokens: 1000,
  maxOutputTokens: 100,
};

const httpError = (statusCode: number, message: string, headers: Record<string, string> = {}) =>
  new APICallError({
    message,
    url: 'http://127.0.0.1',
    requestBodyValues: {},
    statusCode,
    responseHeaders: headers,
  });

const replyOf = (promptTokens: number) => ({ text: 'memory', usage: { promptTokens, completionTokens: 1 } });

function createCall(
  replies: readonly ScriptedReply[] | ScriptedReplyFunction,
  options: {
    sampling?: Sampling;
    tokenizer?: Tokenizer;
    learn?: StepContext['learn'];
    signal?: AbortSignal;
    timeoutMs?: number;
  } = {},
) {
  const model = createScriptedModel(replies);
  const events: RunEventBody[] = [];
  const given = new Set<string>();
  const context: StepContext = {
    step: 'update/1',
    tokenizer: options.tokenizer ?? tokenizer,
    window: {
      window: 1200,
      sectionTokens: 500,
      memoryTokens: 100,
      outputTokens: 100,
      questionTokens: 5,
      mergeTokens: 900,
      evidenceTokens: 900,
      overhead: { update: 10, merge: 10, answer: 10 },
    },
    signal: options.signal ?? new AbortController().signal,
    telemetry: ROOT_CONTEXT,
    emit: async (event) => void events.push(event),
    learn: options.learn ?? (() => {}),
    notifyOnce: async (code, message) => {
      if (!given.has(code)) events.push({ type: 'notice', code, message });
      given.add(code);
    },
    spend: () => {},
    admit: () => () => {},
  };
  const call = createModelCaller({
    model,
    limits: createLimits(),
    retry: { ...retry, timeoutMs: options.timeoutMs ?? retry.timeoutMs },
    sampling: options.sampling ?? {},
    now: Date.now,
  });
  const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  return { model, events, notices, run: () => call(request, context) };
}

test('failures that pass are tried again, and every attempt is an event', async () => {
  const { run, events, model } = createCall([
    { error: httpError(500, 'down') },
    { error: httpError(200, 'Invalid JSON response') },
    { error: new TypeError('fetch failed') },
    { text: 'memory', usage: { promptTokens: 1000, completionTokens: 2 } },
  ]);
  expect(await run()).toMatchObject({ text: 'memory', outcome: 'text', usage: { calls: 1, retries: 3 } });
  expect(model.requests).toHaveLength(4);
  expect(events.map(({ type }) => type)).toEqual([
    ...Array.from({ length: 3 }, () => ['call-start', 'call-retry']).flat(),
    'call-start',
    'call-end',
  ]);
  expect(events[1]).toMatchObject({ reason: 'HTTP 500: down', status: 500, attempt: 1 });
});

test('Retry-After is waited for', async () => {
  const { run, events } = createCall([
    { error: httpError(429, 'slow down', { 'retry-after-ms': '40' }) },
    'memory',
  ]);
  await run();
  expect(events[1]).toMatchObject({ type: 'call-retry', delayMs: 40, status: 429 });
});

test('a Retry-After beyond the policy stops instead of waiting', async () => {
  const { run, model } = createCall([
    { error: httpError(429, 'quota', { 'retry-after': '3600' }) },
    'memory',
  ]);
  await expect(run()).rejects.toMatchObject({
    code: 'model-failed',
    resumable: true,
    message: expect.stringContaining('asks to wait 3600 s, longer than retry.maxRetryAfterMs = 50'),
    data: { retryAfterMs: 3_600_000 },
  });
  expect(model.requests).toHaveLength(1);
});

test('what cannot pass is not tried again', async () => {
  const { run, model } = createCall([{ error: httpError(401, 'bad key.') }, 'memory']);
  await expect(run()).rejects.toMatchObject({
    code: 'model-unavailable',
    resumable: false,
    message: expect.stringContaining('scripted/scripted cannot be used: HTTP 401: bad key. Check its name'),
  });
  expect(model.requests).toHaveLength(1);
});

test('after the last retry the run can be resumed', async () => {
  const { run } = createCall(Array.from({ length: 4 }, () => ({ error: httpError(503, 'overloaded') })));
  await expect(run()).rejects.toMatchObject({
    code: 'model-failed',
    retryable: true,
    resumable: true,
    data: { attempts: 4, status: 503 },
  });
});

test.each([
  ['empty', ''],
  ['refused', { text: 'partial', finishReason: 'content-filter' as const }],
  ['refused', "I'm sorry, but I can't assist with that."],
])('a reply that is %s is asked for again, then reported', async (outcome, reply) => {
  const { run, model } = createCall(Array.from({ length: 4 }, () => reply));
  expect(await run()).toMatchObject({ outcome, text: '', usage: { calls: 4, retries: 3 } });
  expect(model.requests).toHaveLength(4);
});

test('a call that hangs is given up after the time-out and made again', async () => {
  const model = createCall([{ text: 'late', delayMs: 5000 }, 'memory']);
  expect((await model.run()).text).toBe('memory');
  expect(model.events[1]).toMatchObject({ type: 'call-retry', reason: 'no answer within 1000 ms' });
});

test('a time-out that is longer than any timer is no time-out', async () => {
  const { run, model } = createCall([{ text: 'memory', delayMs: 20 }], { timeoutMs: 1e12 });
  expect((await run()).text).toBe('memory');
  expect(model.requests).toHaveLength(1);
});

test('an abort during a call surfaces as the reason itself', async () => {
  const controller = new AbortController();
  const { run, model } = createCall([{ text: 'late', delayMs: 5000 }, 'memory'], {
    signal: controller.signal,
  });
  const running = run();
  const reason = new Error('the user left');
  setTimeout(() => controller.abort(reason), 5);
  await expect(running).rejects.toBe(reason);
  expect(model.requests).toHaveLength(1);
});

test('a server that cuts prompts is reported once, loudly', async () => {
  const cut = replyOf(512);
  const { run, events, notices } = createCall([cut, cut]);
  await run();
  await run();
  expect(notices()).toEqual(['prompt-cut']);
  expect(events.find((event) => event.type === 'notice')?.message).toMatch(
    /only 512 tokens of a prompt of about 1000.*num_ctx/,
  );
});

test('a count that differs a little is no cut', async () => {
  const { run, notices } = createCall([
    { text: 'memory', usage: { promptTokens: 930, completionTokens: 1 } },
  ]);
  await run();
  expect(notices()).toEqual([]);
});

test('nothing is learned from a prompt that was cut, but from one that was read whole', async () => {
  const learnt: number[] = [];
  const estimate: Tokenizer = {
    ...tokenizer,
    exact: false,
    learner: {
      least: () => 500,
      report: (_messages, reported) => ({ weight: { base: 1000 }, reported }),
      learn: () => estimate,
    },
  };
  const learn = ({ reported }: TokenReport): void => void learnt.push(reported);
  const { run, notices } = createCall([replyOf(256), replyOf(800)], { tokenizer: estimate, learn });
  await run();
  await run();
  expect(learnt).toEqual([800]);
  expect(notices()).toEqual(['prompt-cut', 'tokenizer-calibrated']);
});

test('reasoning settings that a server refuses are dropped for good, one by one', async () => {
  const { run, model, notices } = createCall(
    [
      { error: httpError(400, "Unrecognized request argument: 'reasoning_effort'") },
      { error: httpError(422, "Extra inputs are not permitted: 'chat_template_kwargs'") },
      'memory',
      'memory',
    ],
    {
      sampling: {
        reasoning: 'none',
        reasoningOptions: { vllm: { chat_template_kwargs: { enable_thinking: false } } },
      },
    },
  );
  await run();
  await run();
  expect(model.requests.map(({ reasoning }) => reasoning)).toEqual(['none', undefined, undefined, undefined]);
  expect(model.requests.map(({ providerOptions }) => providerOptions !== undefined)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(notices()).toEqual(['reasoning-unsupported']);
});

test('a reasoning setting that is refused to calls side by side stops none of them', async () => {
  const { run } = createCall(
    ({ reasoning }) =>
      reasoning === undefined ? 'memory' : { error: httpError(400, 'Unknown parameter: reasoning_effort') },
    { sampling: { reasoning: 'none' } },
  );
  const replies = await Promise.all([run(), run(), run()]);
  expect(replies.map(({ text }) => text)).toEqual(['memory', 'memory', 'memory']);
});
