/** `memagent mcp` as a host starts it: a process of its own, and the official client. */
import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, writeSample } from '../sample-document.ts';

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url));

let server: LoopbackServer;
let folder: string;
let onRequest: () => void;

beforeEach(async () => {
  onRequest = () => {};
  // A plan that spoils nothing: it is asked at each request, before the reply.
  const faults = (): undefined => {
    onRequest();
  };
  server = await startLoopbackServer({ latencyMs: 20, faults });
  folder = createFolder();
  writeSample(folder, 'keepers.txt', 16);
});
afterEach(() => server.close());

function argv(): string[] {
  const reading = ['--section-tokens', '100', '--tokenizer', 'o200k_base'];
  return ['mcp', '--root', folder, ...reading, '-m', 'loopback', '-b', server.baseUrl];
}

async function start(home: string, ...more: string[]): Promise<{ client: Client; kill: () => void }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--conditions=@memagent/source', bin, ...argv(), ...more],
    env: { MEMAGENT_HOME: home },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '0.0.0' });
  await client.connect(transport);
  return {
    client,
    kill: () => {
      if (transport.pid !== null) process.kill(transport.pid, 'SIGKILL');
    },
  };
}

test(
  'a server that is killed goes on with its runs when it is started again',
  { timeout: 120_000 },
  async () => {
    const home = createFolder();
    const first = await start(home, '--answer-within', '100ms');
    const killed = Promise.withResolvers<void>();
    let left = 4;
    onRequest = () => {
      left -= 1;
      if (left > 0) return;
      first.kill();
      killed.resolve();
    };
    const ask = { name: 'ask', arguments: { question: sampleQuestion, path: 'keepers.txt' } };
    await Promise.all([first.client.callTool(ask).catch(() => {}), killed.promise]);
    await first.client.close();
    onRequest = () => {};
    expect(server.stats.requests).toBe(4);

    const second = await start(home);
    const listed = await second.client.callTool({ name: 'list_runs', arguments: {} });
    const { runs } = listed.structuredContent as { runs: { runId: string }[] };
    expect(runs).toHaveLength(1);
    const waited = await second.client.callTool({ name: 'wait', arguments: { runId: runs[0]!.runId } });
    const whole = await second.client.callTool(ask);
    await second.client.close();
    const { answer, citations } = whole.structuredContent as {
      answer: string;
      citations: { text: string }[];
    };
    expect(waited.structuredContent).toMatchObject({
      state: 'finished',
      answer,
      citations: citations.map(({ text }) => ({ text })),
    });
    // Eight of each run, and what was in flight when the process died.
    expect(server.stats.requests).toBe(17);

    const seen = JSON.parse(
      (await createCli({ env: { MEMAGENT_HOME: home } })(['runs', '--json'])).stdout,
    ) as unknown;
    expect(seen).toMatchObject([{ status: 'finished' }, { status: 'finished', runId: runs[0]!.runId }]);
  },
);

test('over HTTP it prints its address, and keeps what it may not do without a key', async () => {
  const controller = new AbortController();
  const cli = createCli({ cwd: folder, signal: controller.signal });
  const served = cli([...argv(), '--http', '--port', '0'], {
    onStderr: (text) => {
      if (text.includes('Serving')) controller.abort();
    },
  });
  expect(await served).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp\n$/),
  });

  const call = createCli({ cwd: folder });
  expect(await call([...argv(), '--http', '--host', '0.0.0.0'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('without an API key'),
  });
  expect(await call([...argv(), '--port', '1'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--http'),
  });
  expect(await call([...argv(), '--http', '--server-key-env', 'NO_SUCH_KEY'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('NO_SUCH_KEY'),
  });
  expect(await call([...argv(), '--root', 'nowhere'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nowhere'),
  });
});
