import { startLoopbackServer } from '@memagent/core/testing';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, sampleText, writeSample } from '../sample-document.ts';

const folder = createFolder();
const book = writeSample(folder);
const small = ['--section-tokens', '100'];

/** A server that lets the run be interrupted when it has answered so many requests. */
async function setUp({ interruptAt = 3 }: { interruptAt?: number } = {}) {
  const server = await startLoopbackServer({ latencyMs: 5 });
  const cli = createCli({ cwd: folder });
  const withModel = [...small, '-m', 'loopback', '-b', server.baseUrl];

  async function interrupt(argv: string[], stdin?: string) {
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (server.stats.requests >= interruptAt) controller.abort();
    }, 1);
    try {
      return await cli(argv, { signal: controller.signal, ...(stdin === undefined ? {} : { stdin }) });
    } finally {
      clearInterval(timer);
    }
  }
  return { server, cli, withModel, interrupt };
}

/** What has to be the same whether a run was interrupted or not. */
function essence(stdout: string) {
  const { answer, found, citations, memory, sections, tokens } = JSON.parse(stdout) as Record<
    string,
    unknown
  >;
  return { answer, found, citations, memory, sections, tokens };
}

test('Ctrl-C leaves a run that goes on to the same answer, without a flag', async () => {
  const { server, cli, withModel, interrupt } = await setUp();
  const flags = [...withModel, '--price-in', '1', '--price-out', '2', '--tokenizer', 'o200k_base'];
  const interrupted = await interrupt(['ask', sampleQuestion, book, ...flags, '--json']);
  expect(interrupted.code).toBe(130);
  expect(interrupted.stdout).toBe('');
  const [, runId = ''] = /Go on with:\n {2}memagent resume ([\w-]+)\n$/.exec(interrupted.stderr) ?? [];

  const resumed = await cli(['resume', runId, '--json']);
  const atOnce = await cli(['ask', sampleQuestion, book, ...flags, '--json']);
  await server.close();
  expect(resumed.code).toBe(0);
  expect(essence(resumed.stdout)).toEqual(essence(atOnce.stdout));
  const { usage } = JSON.parse(resumed.stdout) as { usage: { calls: number; cost: number } };
  const { usage: whole } = JSON.parse(atOnce.stdout) as { usage: { calls: number; cost: number } };
  // At most the call in flight was made twice; what was used and its price are the same.
  expect(server.stats.requests).toBeLessThanOrEqual(2 * whole.calls + 1);
  expect(usage).toEqual(whole);
  expect(whole.cost).toBeGreaterThan(0);
});

test('a run goes on by a prefix of its id and by last, and a finished one prints its answer again', async () => {
  const { server, cli, withModel, interrupt } = await setUp();
  await interrupt(['ask', sampleQuestion, book, ...withModel]);
  const runs = JSON.parse((await cli(['runs', '--json'])).stdout) as { runId: string; status: string }[];
  expect(runs).toMatchObject([{ status: 'stopped' }]);
  const first = await cli(['resume', runs[0]?.runId.slice(0, 10) ?? '']);
  expect(first.code).toBe(0);
  const again = await cli(['resume', 'last']);
  await server.close();
  expect(again.code).toBe(0);
  expect(again.stdout).toBe(first.stdout);
  expect(again.stderr).toContain('is finished');
});

test('a text that was piped in whole is not needed again', async () => {
  const { server, cli, withModel, interrupt } = await setUp();
  const { code } = await interrupt(['ask', sampleQuestion, ...withModel], sampleText());
  const resumed = await cli(['resume', 'last', '--json']);
  await server.close();
  expect(code).toBe(130);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toContain('Ada Holm');
});

test('a limit that stopped a run can be raised', async () => {
  const { server, cli, withModel } = await setUp();
  const stopped = await cli(['ask', sampleQuestion, book, ...withModel, '--max-tokens', '4000']);
  const still = await cli(['resume', 'last', '--max-tokens', '4001']);
  const resumed = await cli(['resume', 'last', '--max-tokens', '1m']);
  await server.close();
  expect([stopped.code, still.code, resumed.code]).toEqual([4, 4, 0]);
});

test.each([
  ['--window', ['--window', '4096'], /window was 8192, is 4096/],
  ['--strategy', ['--strategy', 'refine'], /strategy was "memory", is "refine"/],
  ['--temperature', ['--temperature', '0'], /temperature was 0\.7, is 0/],
])('%s must be as it was', async (_name, flags, message) => {
  const { server, cli, withModel, interrupt } = await setUp();
  await interrupt(['ask', sampleQuestion, book, ...withModel]);
  const { code, stderr } = await cli(['resume', 'last', ...flags]);
  await server.close();
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('a document that has changed is noticed', async () => {
  const { server, cli, withModel, interrupt } = await setUp();
  const path = join(folder, 'changing.txt');
  writeFileSync(path, sampleText());
  await interrupt(['ask', sampleQuestion, path, ...withModel]);
  writeFileSync(path, sampleText().replace('barrels', 'bottles'));
  const { code, stderr } = await cli(['resume', 'last']);
  await server.close();
  expect(code).toBe(4);
  expect(stderr).toMatch(/document changed.*changing\.txt/);
});

test('a run without a language model goes on without one, and not with one', async () => {
  const cli = createCli({ cwd: folder });
  const controller = new AbortController();
  const long = writeSample(folder, 'long.txt', 600);
  const { code } = await cli(['ask', sampleQuestion, long, '--section-tokens', '60'], {
    signal: controller.signal,
    onStderr: (text) => {
      if (/sections ·/.test(text)) controller.abort();
    },
  });
  expect(code).toBe(130);
  const refused = await cli(['resume', 'last', '-m', 'loopback', '-b', 'http://127.0.0.1:9/v1']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('begun without a language model');
  expect((await cli(['resume', 'last'])).code).toBe(0);
});

test('an interruption before anything was read leaves no run', async () => {
  const { code, stderr } = await createCli({ cwd: folder })(['ask', sampleQuestion, book], {
    signal: AbortSignal.abort(),
  });
  expect(code).toBe(130);
  expect(stderr).toContain('Interrupted.');
  expect(stderr).not.toContain('resume');
});
