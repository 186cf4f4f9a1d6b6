import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, sampleText, writeSample } from '../sample-document.ts';

let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer();
});
afterAll(() => server.close());

const folder = createFolder();
const book = writeSample(folder);
const cli = createCli({ cwd: folder });
const small = ['--section-tokens', '100', '--tokenizer', 'o200k_base'];
const withModel = () => [...small, '--base-url', server.baseUrl, '--model', 'loopback'];

test('on a pipe, standard output has the answer alone', async () => {
  const { code, stdout, stderr } = await cli(['ask', sampleQuestion, 'keepers.txt', ...small]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The lighthouse at Cape Brenn was built by Ada Holm in the year 1874\. \[1\].*\n$/);
  expect(stderr).toContain('No language model configured');
  expect(stderr).toMatch(/\[1\] keepers\.txt, characters \d+ to \d+\n {5}“The lighthouse/);
  expect(stderr).toContain('no language model was used: the evidence reader quotes');
});

test('a model of an OpenAI-compatible server answers, and is named', async () => {
  const { code, stdout, stderr } = await cli(['ask', sampleQuestion, book, ...withModel()]);
  expect(code).toBe(0);
  expect(stdout).toContain('Ada Holm');
  expect(stderr).toContain('compatible.chat/loopback');
  expect(stderr).not.toContain('No language model');
});

test('requests ask for no reasoning, in every way that servers know', async () => {
  const bodies: string[] = [];
  const { createServer } = await import('node:http');
  const spy = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' });
      const message = { role: 'assistant', content: 'Ada Holm built it. [1]' };
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    });
  });
  await new Promise<void>((resolve) => {
    spy.listen(0, '127.0.0.1', resolve);
  });
  const address = spy.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { code } = await cli([
    'ask',
    'Who?',
    book,
    '-m',
    'any',
    '-b',
    `http://127.0.0.1:${port}/v1`,
    '--temperature',
    '0.5',
    '--seed',
    '3',
  ]);
  spy.close();
  expect(code).toBe(0);
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    model: 'any',
    temperature: 0.5,
    top_p: 0.95,
    seed: 3,
    max_tokens: 1024,
    reasoning_effort: 'none',
    chat_template_kwargs: { enable_thinking: false },
  });
});

test('--json prints the documented object, whose citations quote the file exactly', async () => {
  const { code, stdout } = await cli(['ask', sampleQuestion, book, ...withModel(), '--json']);
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as Record<string, unknown> & {
    citations: { source: string; start: number; end: number; text: string; supported: boolean }[];
    usage: Record<string, number>;
  };
  expect(Object.keys(result)).toEqual(
    expect.arrayContaining([
      'answer',
      'found',
      'citations',
      'memory',
      'usage',
      'sections',
      'tokens',
      'runId',
      'model',
      'strategy',
      'elapsedMs',
    ]),
  );
  expect(Object.keys(result.usage)).toEqual(
    expect.arrayContaining(['promptTokens', 'completionTokens', 'cachedTokens', 'calls', 'retries']),
  );
  expect(result).toMatchObject({ found: true, strategy: 'memory', model: 'compatible.chat/loopback' });
  expect(result.usage['calls']).toBe(Number(result['sections']) + 1);
  const text = readFileSync(book, 'utf8');
  expect(result.citations.length).toBeGreaterThan(0);
  for (const citation of result.citations) {
    expect(citation.text).toBe(text.slice(citation.start, citation.end));
    expect(citation).toMatchObject({ source: 'keepers.txt', supported: true });
  }
});

test('--events prints every event as a line, the result last', async () => {
  const { code, stdout } = await cli(['ask', sampleQuestion, book, ...withModel(), '--events', '--quiet']);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string });
  expect(code).toBe(0);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.type).toBe('run-start');
  expect(events.at(-1)).toMatchObject({ type: 'run-end', result: { found: true } });
});

test('an unknown tokenizer is estimated, and corrected by what the server reports', async () => {
  const { code, stdout } = await cli(['ask', sampleQuestion, book, '-b', server.baseUrl, '--events']);
  expect(code).toBe(0);
  expect(stdout).toContain('"code":"tokenizer-estimated"');
  expect(stdout).toContain('"code":"tokenizer-calibrated"');
});

test('--quiet says nothing but the answer', async () => {
  const { stdout, stderr } = await cli(['ask', sampleQuestion, book, ...small, '--quiet']);
  expect(stdout).toContain('Ada Holm');
  expect(stderr).toBe('');
});

test('an answer that is not in the document ends with 3', async () => {
  const { code, stdout } = await cli([
    'ask',
    'What is the melting point of tungsten?',
    book,
    ...small,
    '--json',
  ]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ found: false, citations: [] });
});

test('a text that is piped in is read, with - or without', async () => {
  for (const source of [[], ['-']]) {
    const { code, stdout } = await cli(['ask', sampleQuestion, ...source, '--json'], { stdin: sampleText() });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ citations: [{ source: 'stdin' }] });
  }
});

test('several files and folders are one document', async () => {
  writeFileSync(join(folder, 'other.txt'), 'Another file about nothing of interest at all.\n');
  const { code, stdout } = await cli(['ask', sampleQuestion, 'other.txt', folder, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ found: true });
});

test('on a terminal the citations follow the answer, the progress is drawn and taken away', async () => {
  const { code, stdout, stderr } = await cli(['ask', sampleQuestion, book, ...withModel()], {
    isTerminal: true,
  });
  expect(code).toBe(0);
  expect(stdout).toContain('\u001B[1m[1]');
  expect(stdout).toContain('characters');
  expect(stderr).toContain('\u001B[?25l'); // Cursor off while it draws,
  expect(stderr.lastIndexOf('\u001B[?25h')).toBeGreaterThan(stderr.lastIndexOf('\u001B[?25l')); // and on again.
});

test.each([
  ['--no-color', ['--no-color'], {}],
  ['NO_COLOR', [], { NO_COLOR: '1' }],
])('%s takes the colours away', async (_name, flags, env) => {
  const { stdout } = await cli(['ask', sampleQuestion, book, ...small, ...flags], { isTerminal: true, env });
  expect(stdout).toContain('[1] keepers.txt');
});

test('escape sequences of a document do not reach the terminal', async () => {
  const path = join(folder, 'evil.txt');
  writeFileSync(
    path,
    'The lighthouse at Cape Brenn was built by \u001B[2J\u001B]0;owned\u0007Ada Holm in 1874.\n',
  );
  const shown = await cli(['ask', sampleQuestion, path, '--no-color'], { isTerminal: true });
  expect(shown.stdout).toContain('Ada Holm');
  expect(shown.stdout).not.toContain('\u001B');
});

test('--estimate and estimate say the same, and ask nothing', async () => {
  const before = server.stats.requests;
  const flags = [...withModel(), '--price-in', '1', '--price-out', '2', '--speed', '50', '--json'];
  const asked = await cli(['ask', sampleQuestion, book, '--estimate', ...flags]);
  const estimated = await cli(['estimate', sampleQuestion, book, ...flags]);
  expect(asked.code).toBe(0);
  expect(asked.stdout).toBe(estimated.stdout);
  const { sections, calls, cost, seconds } = JSON.parse(asked.stdout) as Record<string, number>;
  expect(calls).toBe((sections ?? 0) + 1);
  expect(cost).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(0);
  expect(server.stats.requests).toBe(before);
});

test('an estimate for a model that needs a key needs none', async () => {
  const { code, stdout } = await cli(['estimate', sampleQuestion, book, '--model', 'openai:gpt-4.1']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^calls +2 at most/m);
});

test('a limit stops the run, resumably, with 4 and the command that goes on', async () => {
  const { code, stdout, stderr } = await cli([
    'ask',
    sampleQuestion,
    book,
    ...withModel(),
    '--max-tokens',
    '2000',
  ]);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toContain('at its limit --max-tokens = 2000');
  expect(stderr).toMatch(/new limits, for none are kept:\n {2}memagent resume [\w-]+\n$/);
});

test('a model that is refused its key ends with 4, and the key is printed nowhere', async () => {
  const key = 'sk-secret-4711-abcdef';
  const env = { MY_KEY: key };
  const guarded = await startLoopbackServer({ apiKey: 'another' });
  const argv = [
    'ask',
    sampleQuestion,
    book,
    '-m',
    'loopback',
    '-b',
    guarded.baseUrl,
    '--api-key-env',
    'MY_KEY',
    '--retries',
    '0',
  ];
  const refused = await cli(argv, { env });
  const runs = await cli(['show', 'last', '--json'], { env });
  await guarded.close();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/HTTP 401.*The key was taken from MY_KEY/s);
  expect(refused.stdout + refused.stderr + runs.stdout + runs.stderr).not.toContain(key);
});

test('the key of the named variable is sent', async () => {
  const guarded = await startLoopbackServer({ apiKey: 'sk-right-key' });
  const argv = ['ask', sampleQuestion, book, '-m', 'loopback', '-b', guarded.baseUrl, ...small];
  const byDefault = await cli(argv, { env: { MEMAGENT_API_KEY: 'sk-right-key' } });
  const named = await cli([...argv, '--api-key-env', 'MINE'], { env: { MINE: 'sk-right-key' } });
  await guarded.close();
  expect([byDefault.code, named.code]).toEqual([0, 0]);
});

test('a server with one model needs no --model', async () => {
  const { code, stderr } = await cli(['ask', sampleQuestion, book, '-b', server.baseUrl, ...small]);
  expect(code).toBe(0);
  expect(stderr).toContain(`Using loopback, the only model of ${server.baseUrl}.`);
});

test('a model or an address that the server does not know ends with 2, and leaves no run', async () => {
  const ask = ['ask', sampleQuestion, book, '-m'];
  const unknown = await cli([...ask, 'no-such', '-b', server.baseUrl]);
  const elsewhere = await cli([...ask, 'loopback', '-b', server.baseUrl.replace(/v1$/, 'v2')]);
  const { stdout } = await cli(['runs', '--json']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(
    /no-such cannot be used: HTTP 404.* has: loopback\. Name one with --model\./,
  );
  expect(elsewhere.code).toBe(2);
  expect(elsewhere.stderr).toMatch(
    /HTTP 404.*\/v2\/models answered HTTP 404\. Check .* \(most end in \/v1\)/,
  );
  expect(stdout).not.toContain('no-such');
});
