/** Every fault twice: as bytes on the wire, and as the AI SDK's client sees it. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { faultKinds, type FaultKind } from './fault-plan.ts';
import { startLoopbackServer, type LoopbackServer } from './loopback-server.ts';

const [prompt] = renderPrompt(defaultTemplate, 'update', {
  question: 'Who built the lighthouse at Cape Brenn?',
  memory: '',
  section: 'The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874.',
  number: 3,
  words: 600,
});
const honest = 'The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874. [3]';
const maxTokens = 64;
const now = Date.UTC(2030, 0, 1, 12, 0, 0, 500);

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTiktokenTokenizer('o200k_base');
});

let server: LoopbackServer;
let model: LanguageModelV4;
/** A server whose first two requests go wrong, each in one form of the kind, and whose third does not. */
async function start(kind: FaultKind): Promise<void> {
  server = await startLoopbackServer({
    tokenizer,
    faults: (number) => (number <= 2 ? kind : undefined),
    retryAfterSeconds: 7,
    now: () => now,
  });
  model = createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl })('loopback');
}
afterEach(() => server.close());

function post(streamed = false, signal?: AbortSignal): Promise<Response> {
  const body = { model: 'loopback', messages: [prompt], max_tokens: maxTokens, stream: streamed };
  return fetch(`${server.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function readMessage(): Promise<Record<string, unknown>> {
  const { choices, usage } = (await (await post()).json()) as {
    choices: [{ message: Record<string, unknown>; finish_reason: string }];
    usage: { completion_tokens: number; completion_tokens_details: { reasoning_tokens: number } };
  };
  const { role: _role, ...message } = choices[0].message;
  return {
    ...message,
    finishReason: choices[0].finish_reason,
    tokens: usage.completion_tokens,
    reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
  };
}

const options = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: prompt!.content }] }],
  maxOutputTokens: maxTokens,
};
const generate = async (abortSignal?: AbortSignal): Promise<LanguageModelV4GenerateResult> =>
  model.doGenerate({ ...options, ...(abortSignal ? { abortSignal } : {}) });

async function stream(): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of (await model.doStream(options)).stream) parts.push(part);
  return parts;
}

/** What a caller sees of a reply: reasoning, text, why it ended. */
async function seen(): Promise<unknown[]> {
  const { content, finishReason } = await generate();
  return [
    ...content.map((part) => ('text' in part ? [part.type, part.text] : part.type)),
    finishReason.unified,
  ];
}

describe('on the wire', () => {
  it('rate-limit: 429 with Retry-After in seconds, then as a date', async () => {
    await start('rate-limit');
    const first = await post();
    const second = await post();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect([second.status, second.headers.get('retry-after')]).toEqual([
      429,
      'Tue, 01 Jan 2030 12:00:08 GMT',
    ]);
    expect(await first.json()).toMatchObject({ error: { type: 'RateLimitError' } });
  });

  it('server-error: 500', async () => {
    await start('server-error');
    expect((await post()).status).toBe(500);
    expect((await post(true)).status).toBe(500);
  });

  it.each([false, true])('hang: nothing comes until the client gives up (stream: %s)', async (streamed) => {
    await start('hang');
    const controller = new AbortController();
    const response = post(streamed, controller.signal);
    await vi.waitFor(() => expect(server.stats.concurrent).toBe(1));
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(response).rejects.toBe(reason);
    await vi.waitFor(() => expect(server.stats).toMatchObject({ aborted: 1, concurrent: 0 }));
  });

  it.each([false, true])(
    'reset: the connection ends in the middle of the body (stream: %s)',
    async (streamed) => {
      await start('reset');
      const response = await post(streamed);
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('terminated');
      expect(server.stats).toMatchObject({ aborted: 0 });
    },
  );

  it('malformed: the JSON breaks off', async () => {
    await start('malformed');
    const response = await post();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    const events = (await (await post(true)).text()).split('\n\n');
    expect(events.filter((event) => !/^(data: (\{.*\}|\[DONE\]))?$/.test(event))).toHaveLength(1);
  });

  it('empty: no text', async () => {
    await start('empty');
    expect(await readMessage()).toEqual({ content: '', finishReason: 'stop', tokens: 0, reasoningTokens: 0 });
  });

  it('over-long: the honest reply and far more than was asked for', async () => {
    await start('over-long');
    const { content, finishReason, tokens } = await readMessage();
    expect(content).toMatch(new RegExp(`^${honest.replace(/[[\]]/g, '\\$&')}\n`));
    expect(tokens).toBe(tokenizer.count(String(content)));
    expect(tokens).toBeGreaterThan(maxTokens * 1.5);
    expect(finishReason).toBe('stop');
  });

  it('reasoning: inside the text, then beside it', async () => {
    await start('reasoning');
    const first = await readMessage();
    expect(first['content']).toMatch(/^<think>\n[^<]+\n<\/think>\n\n/);
    expect(String(first['content']).endsWith(honest)).toBe(true);
    const second = await readMessage();
    expect(second['content']).toBe(honest);
    expect(second['reasoningTokens']).toBe(tokenizer.count(String(second['reasoning_content'])));
    expect(second['tokens']).toBe(tokenizer.count(honest) + Number(second['reasoningTokens']));
  });

  it('reasoning-only: ended by length before the first word', async () => {
    await start('reasoning-only');
    const message = await readMessage();
    expect(message).toMatchObject({
      content: '',
      finishReason: 'length',
      reasoning_content: expect.any(String),
    });
    expect(message['tokens']).toBe(message['reasoningTokens']);
  });

  it('refusal: by the content filter, then in words of its own field', async () => {
    await start('refusal');
    expect(await readMessage()).toMatchObject({
      content: expect.stringContaining('sorry'),
      finishReason: 'content_filter',
    });
    expect(await readMessage()).toMatchObject({ content: null, refusal: expect.stringContaining('sorry') });
  });

  it.each(faultKinds.filter((kind) => kind !== 'hang'))(
    '%s: counted, and the third try is honest',
    async (kind) => {
      await start(kind);
      await post()
        .then((response) => response.text())
        .catch(() => {});
      await post(true)
        .then((response) => response.text())
        .catch(() => {});
      expect(await readMessage()).toMatchObject({ content: honest, finishReason: 'stop' });
      expect(server.stats.faults[kind]).toBe(2);
      expect(server.requests.map(({ fault }) => fault)).toEqual([kind, kind, undefined]);
    },
  );
});

describe('through the AI SDK', () => {
  it.each([
    ['rate-limit', { statusCode: 429, isRetryable: true, responseHeaders: { 'retry-after': '7' } }],
    ['server-error', { statusCode: 500, isRetryable: true }],
    ['malformed', { statusCode: 200 }],
  ] as const)('%s is an APICallError', async (kind, expected) => {
    await start(kind);
    const error = await generate().catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject(expected);
  });

  it('reset is an error of the connection', async () => {
    await start('reset');
    await expect(generate()).rejects.toMatchObject({ message: expect.stringMatching(/terminated|process/i) });
  });

  it('hang ends with the reason of the signal', async () => {
    await start('hang');
    const controller = new AbortController();
    const reply = generate(controller.signal);
    await vi.waitFor(() => expect(server.stats.concurrent).toBe(1));
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(reply).rejects.toBe(reason);
  });

  it('malformed streams hold an error', async () => {
    await start('malformed');
    expect((await stream()).some((part) => part.type === 'error')).toBe(true);
  });

  it('faulty replies arrive as what they are', async () => {
    await start('empty');
    expect(await seen()).toEqual(['stop']);
    await server.close();
    await start('reasoning');
    expect(await seen()).toEqual([['text', expect.stringContaining('</think>')], 'stop']);
    expect(await seen()).toEqual([['reasoning', expect.any(String)], ['text', honest], 'stop']);
    await server.close();
    await start('reasoning-only');
    expect(await seen()).toEqual([['reasoning', expect.any(String)], 'length']);
    await server.close();
    await start('refusal');
    expect(await seen()).toEqual([['text', expect.any(String)], 'content-filter']);
    expect((await seen()).at(-1)).toBe('content-filter');
  });

  it('honest replies come whole and as a stream', async () => {
    await start('empty');
    await generate();
    await generate();
    const { usage } = await generate();
    expect(usage.outputTokens.total).toBe(tokenizer.count(honest));
    const deltas = (await stream()).map((part) => (part.type === 'text-delta' ? part.delta : ''));
    expect(deltas.join('')).toBe(honest);
  });
});
