/** `kill -9` of the real process, at moments told by the number of requests that the server has seen. */
import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCli, createFolder } from './call-cli.ts';
import { sampleQuestion, writeSample } from './sample-document.ts';

const bin = fileURLToPath(new URL('bin.ts', import.meta.url));

let server: LoopbackServer;
let folder: string;
/** Flags of every command that asks the model. */
let withModel: string[];
let onRequest: () => void;

beforeEach(async () => {
  onRequest = () => {};
  // A plan that spoils nothing: it is asked at each request, before the reply.
  const faults = (): undefined => {
    onRequest();
  };
  server = await startLoopbackServer({ latencyMs: 20, faults });
  folder = createFolder();
  withModel = [
    '--section-tokens',
    '100',
    '-m',
    'loopback',
    '-b',
    server.baseUrl,
    '--tokenizer',
    'o200k_base',
  ];
});
afterEach(() => server.close());

/** Runs a command in a process of its own, and kills it when the server got so many requests of it. */
async function killAt(requests: number, home: string, argv: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@memagent/source', bin, ...argv], {
    cwd: folder,
    env: { ...process.env, MEMAGENT_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (data: Buffer) => said.push(data));
  let left = requests;
  onRequest = () => {
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  };
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  onRequest = () => {};
  const stderr = Buffer.concat(said).toString();
  expect({ code, signal, stderr }).toMatchObject({ code: null, signal: 'SIGKILL' });
}

/** What has to be the same however often a run was killed. */
function essence(result: Record<string, unknown>): unknown {
  const { id, status, answer, found, citations, memory, sections, tokens } = result;
  return { id, status, answer, found, citations, memory, sections, tokens };
}

test.each([
  ['twice, once before anything more was answered', [4, 1]],
  ['at its last request', [8]],
])(
  'a run that is killed %s ends as an uninterrupted one, with a call more per kill',
  { timeout: 60_000 },
  async (_name, moments) => {
    const book = writeSample(folder, 'keepers.txt', 16);
    const ask = ['ask', sampleQuestion, book, ...withModel, '--json'];
    const atOnce = await createCli({ cwd: folder })(ask);
    const calls = server.stats.requests;
    expect(calls).toBe(8);

    const home = createFolder();
    for (const [kill, moment] of moments.entries())
      await killAt(moment, home, kill === 0 ? ask : ['resume', 'last']);
    const resumed = await createCli({ cwd: folder, env: { MEMAGENT_HOME: home } })([
      'resume',
      'last',
      '--json',
    ]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(essence(JSON.parse(resumed.stdout))).toEqual(essence(JSON.parse(atOnce.stdout)));
    expect(server.stats.requests - calls).toBeLessThanOrEqual(calls + moments.length);
  },
);

test(
  'a batch that is killed goes on with the same command, with a call more per kill and document',
  { timeout: 60_000 },
  async () => {
    const concurrency = 2;
    const lines = ['a', 'b', 'c'].map((id, index) => {
      writeSample(folder, `${id}.txt`, 8 + 4 * index);
      return JSON.stringify({ id, question: sampleQuestion, source: `${id}.txt` });
    });
    writeFileSync(join(folder, 'batch.jsonl'), lines.join('\n'));
    const batch = (out: string): string[] => [
      'batch',
      'batch.jsonl',
      '--out',
      out,
      '--concurrency',
      String(concurrency),
      ...withModel,
    ];
    const resultsIn = (out: string): unknown[] =>
      readFileSync(join(folder, out), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .toSorted((one, other) => String(one['id']).localeCompare(String(other['id'])))
        .map(essence);
    const atOnce = await createCli({ cwd: folder })(batch('at-once.jsonl'));
    expect(atOnce).toMatchObject({ code: 0 });
    const calls = server.stats.requests;

    const home = createFolder();
    const moments = [5, 6];
    for (const moment of moments) await killAt(moment, home, batch('killed.jsonl'));
    const last = await createCli({ cwd: folder, env: { MEMAGENT_HOME: home } })(batch('killed.jsonl'));
    expect(last).toMatchObject({ code: 0 });
    expect(resultsIn('killed.jsonl')).toEqual(resultsIn('at-once.jsonl'));
    expect(resultsIn('killed.jsonl')).toHaveLength(3);
    expect(server.stats.requests - calls).toBeLessThanOrEqual(calls + moments.length * concurrency);
  },
);
