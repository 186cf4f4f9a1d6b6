import { type LoopbackServerOptions, startLoopbackServer } from '@memagent/core/testing';
import { expect, test } from 'vitest';
import { createCli } from '../call-cli.ts';

interface Report {
  ok: boolean;
  checks: { name: string; status: string; detail: string }[];
}

async function examine(
  options: LoopbackServerOptions,
  argv: string[] = [],
  env: Record<string, string> = {},
) {
  const server = await startLoopbackServer(options);
  const { code, stdout } = await createCli()(
    ['doctor', '-b', server.baseUrl, '-m', 'loopback', '--json', ...argv],
    { env },
  );
  await server.close();
  const report = JSON.parse(stdout) as Report;
  return { code, ok: report.ok, of: (name: string) => report.checks.find((check) => check.name === name) };
}

test('a server that does what it should is well', async () => {
  const { code, ok, of } = await examine({ window: 8192 });
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  for (const name of [
    'node',
    'home',
    'reachable',
    'model',
    'answers',
    'usage',
    'reasoning',
    'window',
    'speed',
  ]) {
    expect(of(name)).toMatchObject({ status: 'ok' });
  }
  expect(of('window')?.detail).toMatch(
    /^a prompt of [67]\d\d\d tokens was read whole, within a window of 8192$/,
  );
  expect(of('speed')?.detail).toMatch(/prompts [\d,]+ tokens\/s, replies [\d,]+ tokens\/s/);
});

test('prompts that are cut are found out, with the setting to change', async () => {
  const { code, of } = await examine({ promptCut: 2048 });
  expect(code).toBe(4);
  expect(of('window')).toMatchObject({ status: 'failed' });
  expect(of('window')?.detail).toMatch(/prompts are cut: .* the server read 2048; .*num_ctx.*--window 2048/);
});

test('a window that is smaller than it should be is found out', async () => {
  const { code, of } = await examine({ window: 4096 });
  expect(code).toBe(4);
  expect(of('window')).toMatchObject({ status: 'failed' });
  expect(of('window')?.detail).toContain('its window is smaller than 8192');
  expect((await examine({ window: 4096 }, ['--window', '4096'])).code).toBe(0);
});

test('reasoning that leaks into replies is told', async () => {
  const { code, of } = await examine({ faults: () => 'reasoning' });
  expect(code).toBe(0);
  expect(of('reasoning')).toMatchObject({ status: 'warning' });
});

test('a server without counts is told', async () => {
  const { code, of } = await examine({ echo: true });
  expect(code).toBe(0);
  expect(of('usage')).toMatchObject({ status: 'warning' });
  expect(of('window')).toMatchObject({ status: 'warning' });
});

test('a model that the server does not have', async () => {
  const { code, of } = await examine({ models: ['this', 'that'] });
  expect(code).toBe(4);
  expect(of('model')).toMatchObject({ status: 'failed' });
  expect(of('model')?.detail).toContain('this, that');
});

test('a server that is not there', async () => {
  const { code, stdout } = await createCli()(['doctor', '-b', 'http://127.0.0.1:9/v1', '-m', 'x', '--json']);
  expect(code).toBe(4);
  expect((JSON.parse(stdout) as Report).checks.at(-1)).toMatchObject({ name: 'reachable', status: 'failed' });
});

test('a key that is wrong', async () => {
  const { code, of } = await examine({ apiKey: 'sk-right-key' }, [], { MEMAGENT_API_KEY: 'sk-wrong-key' });
  expect(code).toBe(4);
  expect(of('reachable')?.detail).toContain('401');
});

test('a model that fails to answer', async () => {
  const { code, of } = await examine({ faults: () => 'server-error' });
  expect(code).toBe(4);
  expect(of('answers')).toMatchObject({ status: 'failed' });
});

test('nothing configured is no language model', async () => {
  const { code, stdout } = await createCli()(['doctor']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/failed {2}model +none is configured and no Ollama was found/);
});

test('without a model being named, what keeps it from being found is a failed check', async () => {
  const locked = await startLoopbackServer({ apiKey: 'sesame' });
  const several = await startLoopbackServer({ models: ['a', 'b'] });
  const cli = createCli();
  const asked = async (baseUrl: string, env: Record<string, string> = {}, flags: string[] = []) => {
    const { code, stdout } = await cli(['doctor', '-b', baseUrl, '--json', ...flags], { env });
    return { code, check: (JSON.parse(stdout) as Report).checks.find(({ name }) => name === 'model') };
  };
  for (const { code, check, detail } of [
    { ...(await asked(locked.baseUrl)), detail: /wants a key \(HTTP 401\).*MEMAGENT_API_KEY/ },
    { ...(await asked(locked.baseUrl, { MEMAGENT_API_KEY: 'wrong' })), detail: /refuses the key/ },
    {
      ...(await asked(locked.baseUrl, { MY_KEY: 'wrong' }, ['--api-key-env', 'MY_KEY'])),
      detail: /refuses the key .*into MY_KEY,/,
    },
    { ...(await asked(several.baseUrl)), detail: /It has a, b/ },
  ]) {
    expect(code).toBe(4);
    expect(check).toMatchObject({ status: 'failed', detail: expect.stringMatching(detail) });
  }
  await Promise.all([locked.close(), several.close()]);
});
