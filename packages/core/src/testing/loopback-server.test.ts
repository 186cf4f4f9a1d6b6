import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { memoryWords, renderPrompt } from '../prompt/render-prompt.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { startLoopbackServer, type LoopbackServer, type LoopbackServerOptions } from './loopback-server.ts';

const question = 'Who built the lighthouse at Cape Brenn?';
const section = [
  'The coast road runs north for nine miles and meets no village.',
  'The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874.',
  'Herring was salted in the sheds below it until the war.',
].join(' ');

const update = renderPrompt(defaultTemplate, 'update', {
  question,
  memory: '',
  section,
  number: 3,
  words: memoryWords(40),
});
const answer = renderPrompt(defaultTemplate, 'answer', {
  question,
  memory: 'The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874. [3]',
});

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTiktokenTokenizer('o200k_base');
});

let server: LoopbackServer;
async function start(options: LoopbackServerOptions = {}): Promise<void> {
  server = await startLoopbackServer({ tokenizer, ...options });
}
afterEach(() => server.close());

interface Completion {
  choices: { message: { content: string; reasoning_content?: string }; finish_reason: string }[];
  usage: Record<string, unknown> & { prompt_tokens: number; completion_tokens: number };
}

function post(
  messages: readonly PromptMessage[],
  more: Record<string, unknown> = {},
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${server.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'loopback', messages, ...more }),
    ...init,
  });
}

async function complete(
  messages: readonly PromptMessage[],
  more?: Record<string, unknown>,
): Promise<Completion> {
  const response = await post(messages, more);
  expect(response.status).toBe(200);
  return (await response.json()) as Completion;
}

describe('the loopback server reads', () => {
  it('keeps in the memory what the section says to the question, and marks it', async () => {
    await start();
    const { choices, usage } = await complete(update, { max_tokens: 1024, temperature: 0.7 });
    const memory = choices[0]!.message.content;
    expect(memory).toContain('The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874. [3]');
    expect(tokenizer.count(memory)).toBeLessThanOrEqual(40);
    expect(choices[0]!.finish_reason).toBe('stop');
    expect(usage).toEqual({
      prompt_tokens: tokenizer.countPrompt(update),
      completion_tokens: tokenizer.count(memory),
      total_tokens: tokenizer.countPrompt(update) + tokenizer.count(memory),
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
    expect(server.requests).toMatchObject([
      {
        number: 1,
        attempt: 1,
        step: 'update',
        promptTokens: usage.prompt_tokens,
        maxTokens: 1024,
        fault: undefined,
        messages: update,
        body: { temperature: 0.7 },
      },
    ]);
  });

  it('answers from the memory, with its mark', async () => {
    await start();
    const { choices } = await complete(answer);
    expect(choices[0]!.message.content).toMatch(/Ada Holm.*\[3\]/);
    expect(server.requests[0]?.step).toBe('answer');
  });

  it('gives the same reply to the same request', async () => {
    await start();
    const first = await (await post(update)).text();
    await post(answer);
    expect(await (await post(update)).text()).toBe(first);
    expect(server.requests.map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
  });

  it('streams the same text in several pieces', async () => {
    await start();
    const whole = await complete(update);
    const response = await post(update, { stream: true, stream_options: { include_usage: true } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = eventsIn(await response.text());
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    const deltas = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(deltas.join('')).toBe(whole.choices[0]!.message.content);
    expect(deltas.filter((delta) => delta !== '').length).toBeGreaterThan(5);
    expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
    expect(chunks.at(-1).usage).toEqual(whole.usage);
    const silent = eventsIn(await (await post(update, { stream: true })).text());
    expect(silent.join('')).not.toContain('usage');
  });
});

describe('the loopback server holds its limits', () => {
  it('ends a reply at max_tokens', async () => {
    await start();
    const { choices, usage } = await complete(update, { max_tokens: 5 });
    expect(choices[0]!.finish_reason).toBe('length');
    expect(usage.completion_tokens).toBeLessThanOrEqual(5);
    expect(usage.completion_tokens).toBeGreaterThan(0);
  });

  it('refuses what does not fit its window, in the words of vLLM', async () => {
    const promptTokens = tokenizer.countPrompt(update);
    await start({ window: promptTokens + 100 });
    await complete(update, { max_tokens: 100 });
    const response = await post(update, { max_tokens: 101 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        message: expect.stringMatching(
          `maximum context length is ${promptTokens + 100} tokens.*${promptTokens} in the messages, 101 in`,
        ),
      },
    });
    expect(server.stats).toMatchObject({ requests: 2, overWindow: 1, maxPromptTokens: promptTokens });
  });

  it('cuts a prompt silently and reports only what it read', async () => {
    await start({ promptCut: 100 });
    const { choices, usage } = await complete(update);
    expect(usage.prompt_tokens).toBe(100);
    expect(choices[0]!.message.content).not.toContain('Ada Holm');
    expect(server.requests[0]).toMatchObject({
      step: undefined,
      promptTokens: tokenizer.countPrompt(update),
    });
  });

  it('reports the prefix shared with the prompt before as cached', async () => {
    await start({ cache: true });
    expect(await cachedTokens(say('one two three'))).toEqual({ cached_tokens: 0 });
    expect(await cachedTokens(say('one two four'))).toEqual({ cached_tokens: tokenizer.count('one two ') });
    expect(await cachedTokens(say('nothing'))).toEqual({ cached_tokens: 0 });
  });

  it('asks for its key', async () => {
    await start({ apiKey: 'secret' });
    expect((await post(update)).status).toBe(401);
    expect((await fetch(`${server.baseUrl}/models`)).status).toBe(401);
    const authorization = 'Bearer secret';
    expect((await fetch(`${server.baseUrl}/models`, { headers: { authorization } })).status).toBe(200);
  });

  it('lists its models and knows no other', async () => {
    await start({ models: ['a', 'b'], window: 8192 });
    const { data } = (await (await fetch(`${server.baseUrl}/models`)).json()) as { data: unknown[] };
    expect(data).toMatchObject([
      { id: 'a', max_model_len: 8192 },
      { id: 'b', max_model_len: 8192 },
    ]);
    expect((await post(update, { model: 'b' })).status).toBe(200);
    expect((await post(update, { model: 'c' })).status).toBe(404);
  });

  it.each(['', '{"model":', '{"model":"loopback"}', '{"model":"loopback","messages":[],"max_tokens":-1}'])(
    'refuses the body %j',
    async (body) => {
      await start();
      const response = await post([], {}, { body });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/./) } });
    },
  );
});

describe('the loopback server in motion', () => {
  it('counts requests in flight, and clients that go away', async () => {
    await start({ faults: (number) => (number <= 3 ? 'hang' : undefined) });
    const controller = new AbortController();
    const hanging = [1, 2, 3].map(() => post(update, {}, { signal: controller.signal }));
    await vi.waitFor(() => expect(server.stats.concurrent).toBe(3));
    controller.abort(new Error('enough'));
    await Promise.allSettled(hanging);
    await vi.waitFor(() =>
      expect(server.stats).toMatchObject({ concurrent: 0, concurrentPeak: 3, aborted: 3 }),
    );
    await complete(update);
    expect(server.stats).toMatchObject({ aborted: 3, requests: 4 });
  });

  it('ends hanging connections when it is closed', async () => {
    await start({ faults: () => 'hang' });
    const hanging = Promise.allSettled([post(update)]);
    await vi.waitFor(() => expect(server.stats.concurrent).toBe(1));
    await server.close();
    expect(await hanging).toMatchObject([{ status: 'rejected', reason: { message: 'fetch failed' } }]);
  });

  it('echoes without counting or recording anything', async () => {
    server = await startLoopbackServer({ echo: true });
    const { choices, usage } = await complete(update, { max_tokens: 5 });
    expect(choices[0]!.message.content).toHaveLength(400);
    expect(usage).toBeUndefined();
    expect(server.requests).toEqual([]);
    expect(server.stats.requests).toBe(1);
    await expect(startLoopbackServer({ echo: true, window: 8192 })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('window'),
    });
  });
});

function say(content: string): PromptMessage[] {
  return [{ role: 'user', content }];
}

async function cachedTokens(messages: PromptMessage[]): Promise<unknown> {
  return (await complete(messages)).usage['prompt_tokens_details'];
}

function eventsIn(body: string): string[] {
  return body
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''));
}
