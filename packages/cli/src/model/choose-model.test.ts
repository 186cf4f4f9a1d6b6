import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { readEnvironment } from '../environment.ts';
import type { Settings } from '../settings/settings.ts';
import { chooseModel } from './choose-model.ts';
import { ollamaUrl } from './find-ollama-model.ts';
import type { ModelSpec } from './model-spec.ts';

const signal = new AbortController().signal;
const dead = '127.0.0.1:9';

async function choose(flags: Settings, config: Settings = {}, env: Record<string, string> = {}) {
  return chooseModel({ flags, config, environment: readEnvironment({ OLLAMA_HOST: dead, ...env }), signal });
}

const local = 'http://localhost:8000/v1';

test.each<[string, Settings, Settings, Record<string, string>, ModelSpec]>([
  [
    'ollama',
    { model: 'ollama:qwen3:8b' },
    {},
    {},
    { provider: 'ollama', model: 'qwen3:8b', baseUrl: `http://${dead}/v1` },
  ],
  [
    'openai',
    { model: 'openai:gpt-x' },
    {},
    {},
    { provider: 'openai', model: 'gpt-x', apiKeyEnv: 'OPENAI_API_KEY' },
  ],
  [
    'what stands in for OpenAI',
    { model: 'openai:gpt-x' },
    {},
    { OPENAI_BASE_URL: 'http://proxy/v1/' },
    { provider: 'compatible', model: 'gpt-x', baseUrl: 'http://proxy/v1', apiKeyEnv: 'OPENAI_API_KEY' },
  ],
  [
    'OpenAI by its address',
    { model: 'gpt-x', baseUrl: 'https://api.openai.com/v1' },
    {},
    {},
    { provider: 'openai', model: 'gpt-x', apiKeyEnv: 'OPENAI_API_KEY' },
  ],
  [
    'anthropic with a key of its own',
    { model: 'anthropic:claude-x', apiKeyEnv: 'MINE' },
    {},
    {},
    { provider: 'anthropic', model: 'claude-x', apiKeyEnv: 'MINE' },
  ],
  [
    'the gateway',
    { model: 'meta/llama' },
    {},
    {},
    { provider: 'gateway', model: 'meta/llama', apiKeyEnv: 'AI_GATEWAY_API_KEY' },
  ],
  [
    'a server, whose models may have slashes and colons',
    { model: 'Qwen/Qwen3:8B', baseUrl: local },
    {},
    {},
    { provider: 'compatible', model: 'Qwen/Qwen3:8B', baseUrl: local },
  ],
  [
    'a model of the server in the config',
    { model: 'other' },
    { model: 'one', baseUrl: local, apiKeyEnv: 'K' },
    {},
    { provider: 'compatible', model: 'other', baseUrl: local, apiKeyEnv: 'K' },
  ],
  [
    'a model whose name says who serves it, whatever server is in the config',
    { model: 'ollama:x' },
    { baseUrl: local, apiKeyEnv: 'K' },
    {},
    { provider: 'ollama', model: 'x', baseUrl: `http://${dead}/v1` },
  ],
  [
    'the environment',
    {},
    {},
    { MEMAGENT_MODEL: 'x', MEMAGENT_BASE_URL: local },
    { provider: 'compatible', model: 'x', baseUrl: local },
  ],
])('%s', async (_name, flags, config, env, spec) => {
  expect(await choose(flags, config, env)).toEqual({ spec });
});

test('without a model and without Ollama there is none, and a line says so', async () => {
  const { spec, note } = await choose({});
  expect(spec).toBeUndefined();
  expect(note).toMatch(/^No language model configured: .*evidence reader, .* quotes.*--model/);
});

async function withOllama<Result>(models: unknown, work: (host: string) => Promise<Result>): Promise<Result> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/api/tags' ? 200 : 404;
    response.end(JSON.stringify({ models }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

test('a local Ollama is found, and its model that follows instructions is taken', async () => {
  const models = [
    { name: 'nomic-embed-text:latest', details: { family: 'nomic-bert' } },
    { name: 'base:7b', details: { family: 'llama' } },
    { name: 'qwen2.5:7b-instruct', details: { family: 'qwen2' } },
  ];
  await withOllama(models, async (host) => {
    const { spec, note } = await choose({}, {}, { OLLAMA_HOST: host });
    expect(spec).toEqual({ provider: 'ollama', model: 'qwen2.5:7b-instruct', baseUrl: `http://${host}/v1` });
    expect(note).toContain('qwen2.5:7b-instruct');
  });
});

test.each([
  ['only embeds', [{ name: 'nomic-embed-text' }]],
  ['has no models', []],
  ['answers nonsense', 'nonsense'],
])('an Ollama that %s is none', async (_name, models) => {
  await withOllama(models, async (host) => {
    expect((await choose({}, {}, { OLLAMA_HOST: host })).spec).toBeUndefined();
  });
});

test.each([
  [undefined, 'http://127.0.0.1:11434/v1'],
  ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
  [':8080', 'http://127.0.0.1:8080/v1'],
  ['gpu.local:5000', 'http://gpu.local:5000/v1'],
  ['https://ollama.example.org', 'https://ollama.example.org:443/v1'],
  ['http://gpu.local/', 'http://gpu.local:80/v1'],
])('OLLAMA_HOST %s is %s', (host, url) => {
  expect(ollamaUrl(host)).toBe(url);
});
