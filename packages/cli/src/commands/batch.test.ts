import { startLoopbackServer } from '@memagent/core/testing';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, sampleText, writeSample } from '../sample-document.ts';

type Line = Record<string, unknown> & { id: string; status: string; usage?: { calls: number } };

function writeBatch(folder: string, lines: readonly unknown[]): string {
  const path = join(folder, 'batch.jsonl');
  writeFileSync(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return path;
}

function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function setUp(env: Record<string, string> = {}) {
  const folder = createFolder();
  writeSample(folder);
  return { folder, cli: createCli({ cwd: folder, env }), extractive: ['--reader', 'extractive'] };
}

const byId = (lines: Line[]): Line[] => lines.toSorted((a, b) => a.id.localeCompare(b.id));

test('every form of a line is answered, one result each', async () => {
  const { folder, cli, extractive } = setUp();
  writeFileSync(join(folder, 'other.txt'), 'Nothing of interest.\n');
  const file = writeBatch(folder, [
    { id: 'path', question: sampleQuestion, source: 'keepers.txt' },
    { id: 'paths', question: sampleQuestion, source: ['other.txt', 'keepers.txt'] },
    { id: 'text', question: sampleQuestion, source: { text: sampleText(), name: 'book' } },
    { id: 'unknown', question: 'What is the melting point of tungsten?', document: sampleText() },
    '',
    { question: sampleQuestion, document: sampleText() },
  ]);
  const { code, stdout, stderr } = await cli(['batch', file, ...extractive]);
  expect(code).toBe(0);
  expect(byId(parseLines(stdout))).toMatchObject([
    { id: 'line-6', status: 'answered', found: true },
    { id: 'path', status: 'answered', citations: [{ source: 'keepers.txt' }] },
    { id: 'paths', status: 'answered' },
    { id: 'text', status: 'answered', citations: [{ source: 'book' }] },
    { id: 'unknown', status: 'not-found', found: false },
  ]);
  expect(stderr).toContain('4 answered, 1 not found, 0 failed');
});

test('lines that name no document have the common one', async () => {
  const { folder, cli, extractive } = setUp();
  const file = writeBatch(folder, [{ id: 'a', question: sampleQuestion }]);
  const { code, stdout } = await cli(['batch', file, '--source', 'keepers.txt', ...extractive]);
  expect(code).toBe(0);
  expect(parseLines(stdout)).toMatchObject([{ id: 'a', status: 'answered' }]);
});

test('lines come through a pipe, too', async () => {
  const { cli, extractive } = setUp();
  const stdin = JSON.stringify({ id: 'a', question: sampleQuestion, source: 'keepers.txt' });
  const { code, stdout } = await cli(['batch', '-', ...extractive], { stdin });
  expect(code).toBe(0);
  expect(parseLines(stdout)).toMatchObject([{ id: 'a', status: 'answered' }]);
});

test('a bad line fails alone, with its number', async () => {
  const { folder, cli, extractive } = setUp();
  const file = writeBatch(folder, [
    '{"question": ',
    { id: 'typo', qestion: 'Who?', document: 'x' },
    { id: 'gone', question: 'Who?', source: 'gone.txt' },
    { id: 'both', question: 'Who?', source: 'keepers.txt', document: 'x' },
    { id: 'neither', question: 'Who?' },
    { id: 'empty', question: 'Who?', document: '' },
    { id: 'good', question: sampleQuestion, source: 'keepers.txt' },
  ]);
  const { code, stdout, stderr } = await cli(['batch', file, '--quiet', ...extractive]);
  expect(code).toBe(4);
  const results = parseLines(stdout);
  expect(results.filter(({ status }) => status === 'failed').map(({ id, line }) => [id, line])).toEqual(
    expect.arrayContaining([
      ['line-1', 1],
      ['line-2', 2],
      ['line-3', 3],
      ['line-4', 4],
      ['line-5', 5],
      ['empty', 6],
    ]),
  );
  expect(results.filter(({ status }) => status === 'answered').map(({ id }) => id)).toEqual(['good']);
  expect(stderr).toContain('1 answered, 0 not found, 6 failed');
  expect(stderr).toMatch(/line-1: failed: Line 1 is not JSON/);
});

test('run again, it asks nothing that has its result, and what failed once more', async () => {
  const server = await startLoopbackServer();
  const { folder, cli } = setUp();
  const file = writeBatch(folder, [
    { id: 'a', question: sampleQuestion, source: 'keepers.txt' },
    { id: 'b', question: sampleQuestion, source: 'later.txt' },
  ]);
  const out = join(folder, 'results.jsonl');
  const argv = [
    'batch',
    file,
    '--out',
    out,
    '-m',
    'loopback',
    '-b',
    server.baseUrl,
    '--section-tokens',
    '100',
  ];
  const first = await cli(argv);
  expect(first.code).toBe(4);
  expect(byId(parseLines(readFileSync(out, 'utf8')))).toMatchObject([
    { id: 'a', status: 'answered' },
    { status: 'failed' },
  ]);
  const asked = server.stats.requests;

  writeSample(folder, 'later.txt', 4);
  appendFileSync(out, '{"id":"a","sta'); // As a process leaves it that was killed in the middle of a line.
  const second = await cli(argv);
  const third = await cli(argv);
  await server.close();
  expect([second.code, third.code]).toEqual([0, 0]);
  expect(byId(parseLines(readFileSync(out, 'utf8')))).toMatchObject([
    { id: 'a', status: 'answered' },
    { id: 'b', status: 'answered' },
  ]);
  expect(second.stderr).toContain('1 answered, 0 not found, 0 failed, 1 had their result before');
  expect(third.stderr).toContain('0 answered, 0 not found, 0 failed, 2 had their result before');
  const [, b] = byId(parseLines(readFileSync(out, 'utf8')));
  expect(server.stats.requests - asked).toBe(b?.usage?.calls);
});

test.each(['{"id":"a","status":"answ', ''])('results that end with %j are taken up', async (end) => {
  const { folder, cli, extractive } = setUp();
  const file = writeBatch(folder, [{ id: 'a', question: sampleQuestion, source: 'keepers.txt' }]);
  const out = join(folder, 'results.jsonl');
  writeFileSync(out, end);
  const { code } = await cli(['batch', file, '--out', out, ...extractive]);
  expect(code).toBe(0);
  expect(parseLines(readFileSync(out, 'utf8'))).toMatchObject([{ id: 'a', status: 'answered' }]);
  writeFileSync(out, readFileSync(out, 'utf8').trimEnd()); // A whole line, but for its end.
  expect((await cli(['batch', file, '--out', out, ...extractive])).stderr).toContain('1 had their result');
  expect(readFileSync(out, 'utf8')).toMatch(/\}\n$/);
});

test('interrupted, it goes on where it stopped and pays for nothing twice but calls in flight', async () => {
  const server = await startLoopbackServer({ latencyMs: 5 });
  const { folder, cli } = setUp();
  const items = Array.from({ length: 6 }, (_, index) => ({
    id: `q${index}`,
    question: sampleQuestion,
    document: sampleText(6 + index),
  }));
  const file = writeBatch(folder, items);
  const out = join(folder, 'results.jsonl');
  const flags = ['-m', 'loopback', '-b', server.baseUrl, '--section-tokens', '100', '--concurrency', '2'];
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (server.stats.requests >= 12) controller.abort();
  }, 1);
  const first = await cli(['batch', file, '-o', out, ...flags], { signal: controller.signal });
  clearInterval(timer);
  expect(first.code).toBe(130);
  expect(first.stderr).toContain('the same command again goes on');
  expect(server.stats.concurrentPeak).toBeLessThanOrEqual(2);

  const second = await cli(['batch', file, '-o', out, ...flags]);
  await server.close();
  expect(second.code).toBe(0);
  const results = parseLines(readFileSync(out, 'utf8'));
  expect(byId(results).map(({ id, status }) => [id, status])).toEqual(
    items.map(({ id }) => [id, 'answered']),
  );
  const calls = results.reduce((sum, { usage }) => sum + (usage?.calls ?? Number.NaN), 0);
  expect(server.stats.requests - calls).toBeLessThanOrEqual(2);
});

test('the same line twice is two results', async () => {
  const { folder, cli, extractive } = setUp();
  const line = { id: 'a', question: sampleQuestion, source: 'keepers.txt' };
  const { code, stdout } = await cli(['batch', writeBatch(folder, [line, line]), ...extractive]);
  expect(code).toBe(0);
  expect(parseLines(stdout)).toHaveLength(2);
});

test('a file that holds no results is never overwritten', async () => {
  const { folder, cli, extractive } = setUp();
  const file = writeBatch(folder, [{ question: sampleQuestion, source: 'keepers.txt' }]);
  const before = readFileSync(join(folder, 'keepers.txt'), 'utf8');
  for (const out of [file, join(folder, 'keepers.txt')]) {
    const { code, stderr } = await cli(['batch', file, '--out', out, ...extractive]);
    expect(code).toBe(2);
    expect(stderr).toContain('not a file of batch results');
  }
  expect(readFileSync(join(folder, 'keepers.txt'), 'utf8')).toBe(before);
});

test('limits hold for the whole batch, which goes on with new ones', async () => {
  const { folder, cli } = setUp();
  const server = await startLoopbackServer();
  const lines = Array.from({ length: 4 }, (_, index) => ({
    id: `q${index}`,
    question: sampleQuestion,
    source: 'keepers.txt',
  }));
  const out = join(folder, 'out.jsonl');
  const argv = ['batch', writeBatch(folder, lines), '-m', 'loopback', '-b', server.baseUrl, '--out', out];
  const limited = await cli([...argv, '--concurrency', '1', '--max-tokens', '5000']);
  expect(limited.code).toBe(4);
  expect(limited.stderr).toMatch(
    /at its limit --max-tokens = 5000[^]*0 failed. The same command, with new limits/,
  );
  expect(parseLines(readFileSync(out, 'utf8')).length).toBeLessThan(4);
  const whole = await cli([...argv, '--concurrency', '1']);
  await server.close();
  expect(whole.code).toBe(0);
  expect(parseLines(readFileSync(out, 'utf8')).map(({ status }) => status)).toEqual(
    Array(4).fill('answered'),
  );
});

test('a model that the server does not have ends the batch with 2, and the names of those it has', async () => {
  const { folder, cli } = setUp();
  const server = await startLoopbackServer();
  const file = writeBatch(folder, [
    { question: sampleQuestion, source: 'keepers.txt' },
    { question: 'Who else?', source: 'keepers.txt' },
  ]);
  const { code, stdout, stderr } = await cli(['batch', file, '-m', 'no-such', '-b', server.baseUrl]);
  await server.close();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/no-such.*HTTP 404.* has: loopback\. Name one with --model/s);
});
