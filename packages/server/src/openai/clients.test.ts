/** The official client and the AI SDK, through a real port, with documents of a million tokens. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { streamText } from 'ai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { APIUserAbortError, toFile } from 'openai';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RunningServer, startServer } from '../server/start-server.ts';
import { loopbackModel } from '../test-server.ts';

// A million tokens take seconds of a processor that others may be using.
vi.setConfig({ testTimeout: 180_000 });

const fact = 'The harbour master of Oulu is called Aino Virtanen.';
const question = 'Who is the harbour master of Oulu?';

/** Some 11 tokens a line, with the fact after two thirds of it. */
function harbourLog(lines: number): string {
  return Array.from({ length: lines }, (_, index) =>
    index === Math.floor(lines * 0.66) ? fact : `On day ${index} the weather over the harbour was calm.`,
  ).join('\n');
}

let home: string;
let upstream: LoopbackServer;
let server: RunningServer;
let client: OpenAI;
/** Whether the reply to a request to the model never comes. */
let hangsAt: (number: number) => boolean;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'memagent-clients-'));
  hangsAt = () => false;
  upstream = await startLoopbackServer({
    window: 70_000,
    faults: (number) => (hangsAt(number) ? 'hang' : undefined),
  });
  const model = loopbackModel(upstream.baseUrl, { window: 70_000, sectionTokens: 64_000 });
  server = await startServer({ home, models: [model] });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterEach(async () => {
  await server.close();
  await upstream.close();
  await rm(home, { recursive: true, force: true });
});

/** What the model's server says that it was asked. */
function askedFor(): { prompt: number; calls: number } {
  const { requests } = upstream;
  return {
    prompt: requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    calls: requests.length,
  };
}

test('the official client streams an answer about a million tokens, with the true usage', async () => {
  const stream = await client.chat.completions.create({
    model: 'memagent/loopback',
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'user', content: harbourLog(96_000) },
      { role: 'user', content: question },
    ],
  });
  let text = '';
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | null | undefined;
  let extra: { rule?: string; tokens?: number; citations?: { text: string }[] } = {};
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    finish ??= chunk.choices[0]?.finish_reason ?? null;
    usage = chunk.usage;
    if ('memagent' in chunk) extra = chunk.memagent as typeof extra;
  }
  expect(text).toContain('Aino Virtanen');
  expect(finish).toBe('stop');
  expect(extra).toMatchObject({ rule: 'longest-message', citations: [{ text: fact }] });
  expect(extra.tokens).toBeGreaterThan(1_000_000);
  const { prompt, calls } = askedFor();
  expect(calls).toBeGreaterThan(15);
  expect(usage).toMatchObject({ prompt_tokens: prompt });
  expect(usage?.total_tokens).toBe(prompt + (usage?.completion_tokens ?? 0));
  expect(upstream.stats.overWindow).toBe(0);
  // Of what came in, only the document is left, for as long as the run.
  expect((await readdir(join(home, 'files'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('the AI SDK streams an answer about a million tokens, with progress as reasoning', async () => {
  const provider = createOpenAICompatible({
    name: 'memagent',
    baseURL: `${server.url}/v1`,
    includeUsage: true,
    transformRequestBody: (body) => ({ ...body, memagent: { progress: 'reasoning' } }),
  });
  const result = streamText({
    model: provider.chatModel('memagent/loopback'),
    messages: [{ role: 'user', content: `${harbourLog(96_000)}\n\n${question}` }],
    maxRetries: 0,
  });
  const kinds = new Set<string>();
  for await (const part of result.fullStream) kinds.add(part.type);
  expect([...kinds]).toEqual(expect.arrayContaining(['reasoning-delta', 'text-delta', 'finish']));
  expect(await result.text).toContain('Aino Virtanen');
  expect((await result.reasoningText)?.split('\n')[1]).toMatch(/^section 2 read, 1\d % of the document/);
  expect(await result.finishReason).toBe('stop');
  expect((await result.usage).inputTokens).toBe(askedFor().prompt);
});

test('leaving the stream stops the calls of the model at once, and the run can be resumed', async () => {
  const reached = Promise.withResolvers<void>();
  hangsAt = (number) => {
    if (number === 3) reached.resolve();
    return number === 3;
  };
  const controller = new AbortController();
  const asked = client.chat.completions.create(
    {
      model: 'memagent/loopback',
      messages: [{ role: 'user', content: `<document>${harbourLog(24_000)}</document>\n${question}` }],
    },
    { signal: controller.signal },
  );
  await reached.promise;
  controller.abort();
  await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
  await expect.poll(() => upstream.stats.aborted, { timeout: 20_000 }).toBe(1);
  expect(upstream.stats.requests).toBe(3);

  const url = `${server.url}/v1/runs`;
  const { data } = (await (await fetch(url)).json()) as { data: { runId: string; status: string }[] };
  expect(data).toMatchObject([{ status: 'stopped', origin: 'chat' }]);
  await fetch(`${url}/${data[0]?.runId}/resume`, { method: 'POST' });
  await (await fetch(`${url}/${data[0]?.runId}/events`)).text();
  const run = (await (await fetch(`${url}/${data[0]?.runId}`)).json()) as { result: { answer: string } };
  expect(run.result.answer).toContain('Aino Virtanen');
});

test('the responses interface streams, and answers as a whole', async () => {
  const input = [
    { role: 'user' as const, content: harbourLog(12_000) },
    { role: 'user' as const, content: question },
  ];
  const whole = await client.responses.create({ model: 'memagent/loopback', input });
  expect(whole.output_text).toContain('Aino Virtanen');
  const calls = upstream.requests.slice();
  expect(whole.usage?.input_tokens).toBe(calls.reduce((sum, { promptTokens }) => sum + promptTokens, 0));

  const stream = client.responses.stream({ model: 'memagent/loopback', input });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types[0]).toBe('response.created');
  expect(types).toContain('response.output_text.delta');
  expect(types.at(-1)).toBe('response.completed');
  const final = await stream.finalResponse();
  expect(final.output_text).toBe(whole.output_text);
});

test('a file that was uploaded is asked by its id, as often as one likes', async () => {
  const file = await client.files.create({
    file: await toFile(Buffer.from(harbourLog(12_000)), 'harbour.txt'),
    purpose: 'user_data',
  });
  expect(file).toMatchObject({ object: 'file', filename: 'harbour.txt', status: 'processed' });
  for (const asked of [question, 'What was the weather on day 7?']) {
    const completion = await client.chat.completions.create({
      model: 'memagent/loopback',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { file_id: file.id } },
            { type: 'text', text: asked },
          ],
        },
      ],
    });
    expect(completion.choices[0]?.message.content).toMatch(asked === question ? /Aino Virtanen/ : /day 7/);
    expect(completion).toMatchObject({
      memagent: { rule: 'marked-part', citations: [{ source: 'harbour.txt' }] },
    });
  }
  const listed = await Array.fromAsync(client.files.list());
  expect(listed.map(({ id }) => id)).toEqual([file.id]);
  expect(await (await client.files.content(file.id)).text()).toBe(harbourLog(12_000));
  expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
  await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
});

test('errors come as the client knows them', async () => {
  const ask = (model: string, content: string): Promise<unknown> =>
    client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
  await expect(ask('gpt-9', 'Hello')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
  });
  await expect(ask('memagent/evidence', 'Hello')).rejects.toMatchObject({
    status: 400,
    code: 'document-undecided',
  });
  const models = await Array.fromAsync(client.models.list());
  expect(models.map(({ id }) => id)).toContain('memagent/loopback');
});
