import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createTestServer,
  loopbackModel,
  readEvents,
  sampleQuestion,
  sampleText,
  type TestServer,
} from '../test-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const reading = {
  window: 1500,
  sectionTokens: 512,
  memoryTokens: 128,
  outputTokens: 128,
  questionTokens: 64,
};

let upstream: LoopbackServer;
let server: TestServer;
beforeEach(async () => {
  upstream = await startLoopbackServer({ window: 1500 });
  server = await createTestServer({ models: [loopbackModel(upstream.baseUrl, reading)] });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});

interface Completion {
  choices: { message: { content: string }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number };
  memagent?: { rule: string; run_id: string; found: boolean };
  error?: { code: string; message: string; param: string | null };
}

const long = sampleText(60);

const user = (content: unknown): object => ({ role: 'user', content });

async function complete(messages: object[], rest: object = {}): Promise<Completion> {
  return server.json('POST', '/v1/chat/completions', { model: 'memagent/loopback', messages, ...rest });
}

test('a prompt that fits goes to the model as it came, with all that stands beside it', async () => {
  const request = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      user([{ type: 'text', text: 'Who came?', document: true }]),
    ],
    temperature: 0.5,
    tools: [{ type: 'function', function: { name: 'look', parameters: { properties: { document: {} } } } }],
    response_format: { type: 'json_object' },
    max_tokens: 50,
    unknown: { nested: [1, null, true] },
  };
  const response = await server.call('POST', '/v1/chat/completions', {
    model: 'memagent/loopback',
    ...request,
  });
  expect(response.headers.get('x-memagent-rule')).toBe('pass-through');
  const completion = (await response.json()) as Completion;
  expect(completion.memagent).toBeUndefined();
  expect(completion.usage.prompt_tokens).toBe(upstream.requests[0]?.promptTokens);
  expect(upstream.requests.map(({ body }) => body)).toEqual([
    {
      ...request,
      model: 'loopback',
      messages: [request.messages[0], user([{ type: 'text', text: 'Who came?' }])],
    },
  ]);
  expect(await server.json('GET', '/v1/runs')).toMatchObject({ data: [] });
});

test('a reply that is to be longer than the window has room for is asked for with what there is', async () => {
  const request = { model: 'loopback', messages: [user('Who came?')], max_tokens: 4096 };
  const response = await server.call('POST', '/v1/chat/completions', request);
  expect(response.headers.get('x-memagent-rule')).toBe('pass-through');
  const [asked] = upstream.requests;
  expect(asked?.maxTokens).toBeGreaterThan(1400);
  expect((asked?.maxTokens ?? 0) + (asked?.promptTokens ?? 0)).toBeLessThanOrEqual(1500);
});

test('a stream of a prompt that fits is handed on, usage and all', async () => {
  const response = await server.call('POST', '/v1/chat/completions', {
    model: 'memagent/loopback',
    messages: [user('Who came?')],
    stream: true,
    stream_options: { include_usage: true },
  });
  const events = await readEvents(response);
  expect(events.at(-1)).toEqual({ data: '[DONE]' });
  expect(JSON.parse(events.at(-2)?.data ?? '')).toMatchObject({
    usage: { prompt_tokens: upstream.requests[0]?.promptTokens },
  });
});

test.each([
  ['marked-part', [user([{ type: 'text', text: long, document: true }]), user(sampleQuestion)]],
  ['document-tags', [user(`<document>${long}</document>\n${sampleQuestion}`)]],
  ['longest-message', [user(long), user(sampleQuestion)]],
  ['last-paragraph', [user(`${long}\n\n${sampleQuestion}`)]],
  ['first-paragraph', [user(`${sampleQuestion}\n\n${long}\n\n${sampleText(6).replaceAll('\n', ' ')}`)]],
])('%s: document and question are found, and the reply says how', async (rule, messages) => {
  const response = await server.call('POST', '/v1/chat/completions', { model: 'loopback', messages });
  const completion = (await response.json()) as Completion;
  expect(completion).toMatchObject({
    object: 'chat.completion',
    model: 'loopback',
    choices: [{ message: { role: 'assistant', content: expect.stringContaining('Ada Holm') } }],
    memagent: { rule, found: true },
  });
  expect(response.headers.get('x-memagent-rule')).toBe(rule);
  expect(response.headers.get('x-memagent-run')).toBe(completion.memagent?.run_id);
  const { requests, stats } = upstream;
  expect(stats.overWindow).toBe(0);
  const sum = requests.reduce((total, { promptTokens }) => total + promptTokens, 0);
  expect(completion.usage.prompt_tokens).toBe(sum);
});

test('instructions are followed while reading, with the question', async () => {
  await complete([{ role: 'system', content: 'Answer in one sentence.' }, user(long), user(sampleQuestion)]);
  const [run] = (await server.json<{ data: { question: string }[] }>('GET', '/v1/runs')).data;
  expect(run?.question).toBe(`Answer in one sentence.\n\n${sampleQuestion}`);
});

async function stream(rest: object, { call } = server): ReturnType<typeof readEvents> {
  return readEvents(
    await call('POST', '/v1/chat/completions', {
      model: 'loopback',
      messages: [user(long), user(sampleQuestion)],
      stream: true,
      stream_options: { include_usage: true },
      ...rest,
    }),
  );
}

test('a stream tells how far it is, in comments or as reasoning, and ends with the usage', async () => {
  const events = await stream({});
  const comments = events.flatMap(({ comment }) => comment ?? []);
  expect(comments[0]).toMatch(/^section 1 read, \d+ % of the document, memory of \d+ tokens$/);
  expect(comments.at(-1)).toMatch(/, 100 % of the document/);
  expect(events.at(-1)?.data).toBe('[DONE]');
  const chunks = events.slice(0, -1).flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data)]));
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  expect(text).toContain('Ada Holm');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });

  const shown = await stream({ memagent: { progress: 'reasoning' } });
  expect(shown.flatMap(({ comment }) => comment ?? [])).toEqual([]);
  const reasoning = shown
    .slice(0, -1)
    .map(({ data }) => JSON.parse(data ?? '').choices[0]?.delta.reasoning_content ?? '');
  expect(reasoning.join('').trimEnd().split('\n')).toEqual(comments);
});

test('a stream tells of a second pass', async () => {
  const models = [loopbackModel(upstream.baseUrl, { ...reading, strategy: 'reread' })];
  await using twice = await createTestServer({ models });
  const comments = (await stream({}, twice)).flatMap(({ comment }) => comment ?? []);
  const sections = comments.length / 2;
  expect(sections).toBeGreaterThan(1);
  expect(comments[sections]).toMatch(
    new RegExp(`^section 1 of ${sections} read again, memory of \\d+ tokens$`),
  );
  expect(comments.at(-1)).toContain(`section ${sections} of ${sections} read again`);
});

test('an answer is cut to the tokens that the client allows', async () => {
  const { choices } = await complete([user(long), user(sampleQuestion)], { max_tokens: 5 });
  expect(choices[0]?.finish_reason).toBe('length');
  expect(choices[0]?.message.content.length).toBeLessThan(40);
});

test('tools and formats are for the model, which gets the memory in the place of the document', async () => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: {} } }];
  const messages = [
    { role: 'system', content: 'Be brief.' },
    user(`<document>${long}</document>\n${sampleQuestion}`),
  ];
  const completion = await complete(messages, { tools });
  const { requests } = upstream;
  const last = requests.at(-1);
  expect(last?.body).toMatchObject({ tools, messages: [messages[0], { role: 'user' }] });
  expect(last?.messages[1]?.content).toMatch(
    /^<document>\[A document stood here[^]*Ada Holm[^]*<\/memory><\/document>\nWho built/,
  );
  expect(completion.choices[0]?.message.content).toContain('Ada Holm');
  const sum = requests.reduce((total, { promptTokens }) => total + promptTokens, 0);
  expect(completion.usage.prompt_tokens).toBe(sum);
  expect(completion.memagent).toMatchObject({ rule: 'document-tags' });

  const response = await server.call('POST', '/v1/chat/completions', {
    model: 'loopback',
    messages,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  const events = await readEvents(response);
  expect(events[0]?.comment).toMatch(/^section 1 read/);
  expect(events.at(-1)?.data).toBe('[DONE]');
  expect(JSON.parse(events.at(-2)?.data ?? '')).toMatchObject({ usage: { prompt_tokens: sum } });
});

test('with a format, too, the document may be a file; in instructions it may not', async () => {
  const { id } = await server.json<{ id: string }>('POST', '/v1/files', fileForm());
  const content = [
    { type: 'file', file: { file_id: id } },
    { type: 'text', text: sampleQuestion },
  ];
  await complete([user(content)], { response_format: { type: 'json_object' } });
  expect(upstream.requests.at(-1)?.body).toMatchObject({
    response_format: { type: 'json_object' },
    messages: [user([{ type: 'text', text: expect.stringContaining('Ada Holm') }, content[1]])],
  });
  const refused = await server.json('POST', '/v1/responses', {
    model: 'loopback',
    instructions: long,
    input: sampleQuestion,
    tools: [{}],
  });
  expect(refused).toMatchObject({ error: { code: 'unsupported_parameter', param: 'instructions' } });
  expect(await server.json('GET', '/v1/runs?status=running')).toMatchObject({ data: [] });
});

test('a file in base64 is the document', async () => {
  const data = Buffer.from(long).toString('base64');
  const content = [
    { type: 'file', file: { file_data: `data:text/plain;base64,${data}`, filename: 'keepers.txt' } },
    { type: 'text', text: sampleQuestion },
  ];
  expect(await complete([user(content)])).toMatchObject({
    choices: [{ message: { content: expect.stringContaining('Ada Holm') } }],
    memagent: { rule: 'marked-part', citations: [{ source: 'keepers.txt', supported: true }] },
  });
});

test('the built-in reader answers without a model, and uses none', async () => {
  const completion = await server.json<Completion>('POST', '/v1/chat/completions', {
    model: 'memagent/evidence',
    messages: [user(long), user(sampleQuestion)],
  });
  expect(completion.choices[0]?.message.content).toContain('Ada Holm');
  expect(completion.usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0 });
  expect(upstream.stats.requests).toBe(0);
});

test('what the model was asked and said in the past may have null for content', async () => {
  const messages = [
    user(long),
    { role: 'assistant', content: null, tool_calls: [] },
    { role: 'tool', content: '12' },
    user(sampleQuestion),
  ];
  expect(await complete(messages)).toMatchObject({ memagent: { rule: 'longest-message' } });
});

const image = { type: 'image_url', image_url: { url: 'data:,' } };
test.each([
  [
    'a text in which nothing is a question',
    [user(long.replaceAll('\n', ' '))],
    {},
    'document-undecided',
    400,
  ],
  [
    'an image beside a long text',
    [user([{ type: 'text', text: long }, image])],
    {},
    'unsupported_content',
    400,
  ],
  ['several answers of a long text', [user(long), user('Who?')], { n: 2 }, 'unsupported_parameter', 400],
  [
    'a file that is not there',
    [user([{ type: 'file', file: { file_id: 'file-0' } }]), user('Who?')],
    {},
    'invalid-option',
    400,
  ],
  [
    'file data that is none',
    [user([{ type: 'file', file: { file_data: 'ä' } }]), user('Who?')],
    {},
    'invalid_file_data',
    400,
  ],
  ['a question that is too long', [user(long), user(`${'Who? '.repeat(100)}`)], {}, 'question-too-long', 400],
  ['messages that are none', 'Hello', {}, 'invalid_request', 400],
  ['no messages', [], {}, 'invalid_request', 400],
])('%s is refused, in the shape of OpenAI', async (_name, messages, rest, code, status) => {
  const response = await server.call('POST', '/v1/chat/completions', {
    model: 'loopback',
    messages,
    ...rest,
  });
  const body = (await response.json()) as Completion;
  expect({ status: response.status, body }).toMatchObject({
    status,
    body: { error: { code, type: 'invalid_request_error' } },
  });
  expect(await readdir(`${server.home}/files`).catch(() => [])).toEqual([]);
  expect(upstream.stats.requests).toBe(0);
});

test('a failure in mid-stream is an event, and one of the model a 502', async () => {
  await upstream.close();
  const body = { model: 'loopback', messages: [user(long), user(sampleQuestion)] };
  const retry = { retries: 0 };
  const model = loopbackModel(upstream.baseUrl, {
    window: 1500,
    sectionTokens: 512,
    memoryTokens: 128,
    outputTokens: 128,
  });
  await using failing = await createTestServer({ models: [{ ...model, session: { retry } }] });
  const whole = await failing.call('POST', '/v1/chat/completions', body);
  expect(whole.status).toBe(502);
  expect(whole.headers.get('x-should-retry')).toBe('false');
  const streamed = await failing.call('POST', '/v1/chat/completions', { ...body, stream: true });
  const events = await readEvents(streamed);
  expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ error: { code: 'model-failed' } });
  const short = await failing.call('POST', '/v1/chat/completions', { ...body, messages: [user('Hello')] });
  expect({ status: short.status, body: await short.json() }).toMatchObject({
    status: 502,
    body: { error: { code: 'upstream_unreachable' } },
  });
});

test('a limit of the run is the request that asks for too much, and is not asked for again', async () => {
  const model = loopbackModel(upstream.baseUrl, {
    window: 1500,
    sectionTokens: 512,
    memoryTokens: 128,
    outputTokens: 128,
  });
  await using limited = await createTestServer({ models: [{ ...model, session: { maxTokens: 1500 } }] });
  const body = { model: 'loopback', messages: [user(long), user(sampleQuestion)] };
  const response = await limited.call('POST', '/v1/chat/completions', body);
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 400,
    body: { error: { code: 'limit-reached' } },
  });
  expect(response.headers.get('x-should-retry')).toBe('false');
  const runId = response.headers.get('x-memagent-run');
  expect(await limited.json('GET', `/v1/runs/${runId}`)).toMatchObject({ runId, status: 'stopped' });
});

test('the responses interface takes instructions, items and files, and keeps the usage', async () => {
  const { id } = await server.json<{ id: string }>('POST', '/v1/files', fileForm());
  const response = await server.json('POST', '/v1/responses', {
    model: 'loopback',
    instructions: 'Be brief.',
    input: [
      { type: 'function_call_output', call_id: 'x', output: '12' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_file', file_id: id },
          { type: 'input_text', text: sampleQuestion },
        ],
      },
    ],
  });
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [
      { type: 'message', content: [{ type: 'output_text', text: expect.stringContaining('Ada Holm') }] },
    ],
    memagent: { rule: 'marked-part' },
  });
  const asked = await server.json('POST', '/v1/responses', {
    model: 'loopback',
    input: `${long}\n\n${sampleQuestion}`,
    max_output_tokens: 4,
  });
  expect(asked).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    memagent: { rule: 'last-paragraph' },
  });
});

function fileForm(): FormData {
  const form = new FormData();
  form.set('file', new File([long], 'keepers.txt'));
  return form;
}
