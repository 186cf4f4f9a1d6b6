import { startLoopbackServer } from '@memagent/core/testing';
import { expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, writeSample } from '../sample-document.ts';

const folder = createFolder();
const book = writeSample(folder);
const flags = ['--section-tokens', '100', '--reader', 'extractive'];

async function withTwoRuns() {
  const cli = createCli({ cwd: folder });
  await cli(['ask', sampleQuestion, book, ...flags]);
  await cli(['ask', 'Where was Ada Holm born?', book, ...flags]);
  return cli;
}

test('runs lists them, newest first', async () => {
  const cli = await withTwoRuns();
  const { code, stdout } = await cli(['runs', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      status: 'finished',
      question: 'Where was Ada Holm born?',
      model: null,
      reader: 'extractive',
      strategy: 'memory',
    },
    { status: 'finished', question: sampleQuestion },
  ]);
  expect(JSON.parse((await cli(['runs', '--json', '--limit', '1'])).stdout)).toHaveLength(1);
});

test('as a table, each run takes one line of the terminal', async () => {
  const cli = await withTwoRuns();
  const { stdout } = await cli(['runs', '--no-color'], { isTerminal: true });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^RUN +STATUS +SECTIONS +AGE +MODEL +QUESTION$/);
  expect(lines[1]).toMatch(/^[\w-]{16} +finished +\d+ +\d+s +extractive +Where was Ada Holm born\?$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

test('without runs it says how to begin one', async () => {
  const { code, stdout, stderr } = await createCli()(['runs']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('memagent ask');
});

test('rm removes the runs that are named, or none', async () => {
  const cli = await withTwoRuns();
  const refused = await cli(['runs', 'rm', 'last', 'zzz']);
  expect(refused.code).toBe(2);
  expect(JSON.parse((await cli(['runs', '--json'])).stdout)).toHaveLength(2);
  const removed = await cli(['runs', 'rm', 'last']);
  expect(removed.code).toBe(0);
  expect(JSON.parse((await cli(['runs', '--json'])).stdout)).toMatchObject([{ question: sampleQuestion }]);
});

test('show has the memory after each section, as a difference', async () => {
  const cli = await withTwoRuns();
  const { code, stdout } = await cli(['show', 'last']);
  expect(code).toBe(0);
  expect(stdout).toContain('Where was Ada Holm born?');
  expect(stdout).toMatch(/Section 1 .*memory of \d+ tokens/);
  expect(stdout).toContain('{+');
  expect(stdout).toMatch(/Answer\n.*Kesten/);
  expect(stdout).toMatch(/\[\d+\] keepers\.txt, characters/);
});

test('show says which pass a step is of', async () => {
  const cli = createCli({ cwd: folder });
  await cli(['ask', sampleQuestion, book, ...flags, '--strategy', 'reread']);
  const { stdout } = await cli(['show', 'last', '--section', '2']);
  expect(stdout.match(/^Section .*memory of/gm)).toEqual([
    'Section 2 · memory of',
    'Section 2, second pass · memory of',
  ]);
});

test('show colours what was added and what is gone', async () => {
  const cli = await withTwoRuns();
  const { stdout } = await cli(['show', 'last'], { isTerminal: true });
  expect(stdout).toContain('\u001B[32m');
  expect(stdout).not.toContain('{+');
});

test('show --section has one section, and none that does not exist', async () => {
  const cli = await withTwoRuns();
  const { stdout } = await cli(['show', 'last', '--section', '2']);
  expect(stdout).toContain('Section 2');
  expect(stdout).not.toContain('Section 1 ');
  const { code, stderr } = await cli(['show', 'last', '--section', '99']);
  expect(code).toBe(2);
  expect(stderr).toContain('has no section 99');
});

test('show --json has every step, and what the run came to', async () => {
  const cli = await withTwoRuns();
  const shown = JSON.parse((await cli(['show', 'last', '--json'])).stdout) as {
    steps: { section: number; memory: string }[];
    sections: number;
    result: { memory: string };
  };
  expect(shown.steps.map(({ section }) => section)).toEqual(
    Array.from({ length: shown.sections }, (_, index) => index + 1),
  );
  expect(shown.steps.at(-1)?.memory).toBe(shown.result.memory);
  expect(shown).not.toHaveProperty('client');
});

test('show says why a run stopped, and how it goes on', async () => {
  const server = await startLoopbackServer();
  const cli = createCli({ cwd: folder });
  const limit = ['-m', 'loopback', '-b', server.baseUrl, '--section-tokens', '100', '--max-tokens', '3000'];
  await cli(['ask', sampleQuestion, book, ...limit]);
  await server.close();
  const { stdout } = await cli(['show', 'last']);
  expect(stdout).toMatch(/Stopped: The run stops at its limit maxTokens = 3000/);
  expect(stdout).toMatch(/Go on with:\n {2}memagent resume /);
  expect(JSON.parse((await cli(['show', 'last', '--json'])).stdout)).toMatchObject({
    status: 'stopped',
    stop: { code: 'limit-reached' },
  });
});
