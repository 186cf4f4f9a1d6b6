import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoopbackServer } from '@memagent/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../call-cli.ts';

const callCli = createCli();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-eval-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

const small = [
  '--preset',
  'ruler',
  '--tasks',
  'niah_single_2',
  '--lengths',
  '4k',
  '--items',
  '2',
  '--strategies',
  'memory',
];

test('eval writes JSON lines and prints a table; report makes a page of them', async () => {
  const out = join(folder, 'small');
  const first = await callCli(['eval', ...small, '--out', out, '--reader', 'extractive']);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(
    /niah_single_2 +\| +4K +\| memory +\| +[\d.]+ \([\d.–]+\) +\| +2 \| +0 \| +42 \|/,
  );
  const lines = (await readFile(join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
  // Two items are read at once, and each has its line when it is done.
  expect(lines.map((line) => JSON.parse(line)).toSorted((a, b) => a.item.localeCompare(b.item))).toEqual(
    ['niah_single_2/4096/42-0', 'niah_single_2/4096/42-1'].map((item) =>
      expect.objectContaining({ item, status: 'scored', subject: 'extractive', strategy: 'memory' }),
    ),
  );

  const page = join(folder, 'report.html');
  const charts = join(folder, 'charts');
  const report = await callCli(['report', out, '--out', page, '--charts', charts]);
  expect(report.code).toBe(0);
  expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/i);
  const pictures = await readdir(charts);
  expect(pictures.some((name) => name.endsWith('.svg'))).toBe(true);
  expect(pictures.some((name) => name.endsWith('.png'))).toBe(true);
});

test('the same folder with other settings is refused', async () => {
  const out = join(folder, 'small');
  const other = await callCli([
    'eval',
    ...small,
    '--out',
    out,
    '--reader',
    'extractive',
    '--memory-tokens',
    '512',
  ]);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('another evaluation');
});

test('a model behind a server is examined, and its calls are counted', async () => {
  await using server = await startLoopbackServer();
  const out = join(folder, 'loopback');
  const args = ['--base-url', server.baseUrl, '--model', 'loopback', '--tokenizer', 'o200k_base'];
  const { code } = await callCli(['eval', ...small, '--out', out, ...args]);
  expect(code).toBe(0);
  const lines = (await readFile(join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  expect(records).toEqual([
    expect.objectContaining({ subject: 'loopback', score: 1, usage: expect.objectContaining({ calls: 2 }) }),
    expect.objectContaining({ subject: 'loopback', score: 1, usage: expect.objectContaining({ calls: 2 }) }),
  ]);
});

test('--dry-run says what it would use and asks nothing', async () => {
  const dry = await callCli(['eval', '--preset', 'paper', '--dry-run', '--json', '--reader', 'extractive']);
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.stdout)).toMatchObject({ answers: 12_928, calls: 0 });
});

test('a plan file', async () => {
  const plan = join(folder, 'plan.yaml');
  await writeFile(plan, 'name: mine\nitems: 1\ntasks:\n  - { task: unanswerable, lengths: [4k] }\n');
  const { code, stdout } = await callCli([
    'eval',
    '--plan',
    plan,
    '--out',
    join(folder, 'mine'),
    '--reader',
    'extractive',
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('unanswerable');
});

test.each([
  [['eval'], /--preset NAME, or --plan FILE/],
  [['eval', '--preset', 'magic'], /Unknown preset "magic"; there are smoke, ruler/],
  [['eval', '--preset', 'ruler'], /--out FOLDER/],
  [['eval', '--preset', 'ruler', '--tasks', 'niah'], /has no task "niah"; it has niah_single_1/],
  [['eval', '--preset', 'ruler', '--lengths', '8kb'], /received "8kb"/],
  [['eval', '--preset', 'ruler', '--questions', 'hotpotqa'], /expected NAME=FILE/],
  [['report', '/no/such/folder'], /no results in \/no\/such\/folder/],
  [['data', 'add', 'magic', 'x'], /Unknown data set "magic"; there are: longbench-v1/],
  [['data', 'add', 'squad', '/no/such/file'], /\/no\/such\/file/],
])('bad input %j ends with 2 and says what to do', async (args, message) => {
  const { code, stderr } = await callCli([
    ...args,
    ...(args[0] === 'eval' ? ['--reader', 'extractive'] : []),
  ]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('data list says what there is and where it comes from; data add remembers files', async () => {
  const env = { MEMAGENT_HOME: join(folder, 'home') };
  const before = await callCli(['data', 'list'], { env });
  expect(before.stdout).toMatch(/longbench-v2\n[^]*licence {2}[^]*get {6}[^]*not added/);
  const questions = join(folder, 'rows.jsonl');
  const row = {
    id: 'a',
    dataset: 'mine',
    question: 'Who?',
    answers: ['Anna'],
    documents: [{ title: 'T', text: 'Anna.', supporting: true }],
  };
  await writeFile(questions, `${JSON.stringify(row)}\n`);
  const added = await callCli(['data', 'add', 'questions', questions], { env });
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('the first 1 questions load') });
  expect((await callCli(['data', 'list'], { env })).stdout).toContain(`added: ${questions}`);

  const plan = join(folder, 'data-plan.yaml');
  await writeFile(plan, 'name: mine\ndataSets:\n  - dataSet: questions\n');
  const asked = await callCli(
    ['eval', '--plan', plan, '--out', join(folder, 'data'), '--reader', 'extractive'],
    { env },
  );
  expect(asked.code).toBe(0);
  expect(asked.stdout).toContain('questions');
});
