import { defaultBudgets } from '@memagent/core';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createTestServer, loopbackModel } from '../test-server.ts';

test('the models that were named come first, and the built-in readers are always there', async () => {
  await using server = await createTestServer({ models: [loopbackModel('http://127.0.0.1:9/v1')] });
  const { data } = await server.json<{ data: { id: string; has_language_model: boolean }[] }>(
    'GET',
    '/v1/models',
  );
  expect(data.map(({ id, has_language_model }) => [id, has_language_model])).toEqual([
    ['memagent/loopback', true],
    ['memagent/evidence', false],
    ['memagent/extractive', false],
  ]);
  expect(await server.json('GET', '/v1/models/memagent/evidence')).toEqual(data[1]);
  expect(await server.json('GET', '/v1/models/gpt-9')).toMatchObject({ error: { code: 'model_not_found' } });
});

test('each setting is explained, with the default of the model', async () => {
  await using server = await createTestServer({
    models: [loopbackModel('http://127.0.0.1:9/v1', { window: 4096, sectionTokens: 2000 })],
  });
  type Settings = { settings: { name: string; description: string; default: unknown }[] };
  const of = async (query: string): Promise<Record<string, unknown>> => {
    const { settings } = await server.json<Settings>('GET', `/v1/settings${query}`);
    for (const { description } of settings) expect(description).toMatch(/\.$/);
    return Object.fromEntries(settings.map(({ name, default: value }) => [name, value]));
  };
  expect(await of('')).toMatchObject({ reader: 'model', window: 4096, sectionTokens: 2000, maxTokens: null });
  expect(await of('?model=memagent/extractive')).toMatchObject({
    ...defaultBudgets,
    reader: 'extractive',
    strategy: 'memory',
  });
});

test('a sample can be asked, by its id', async () => {
  const file = fileURLToPath(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url));
  const questions = ['Who was nicknamed the King of Prussia?'];
  await using server = await createTestServer({
    samples: [{ id: 'war-and-peace', title: 'War and Peace', file, questions }],
  });
  expect(await server.json('GET', '/v1/samples')).toEqual({
    data: [{ id: 'war-and-peace', title: 'War and Peace', questions }],
  });
  const estimated = await server.json('POST', '/v1/runs/estimate', {
    question: questions[0],
    documents: [{ sample: 'war-and-peace' }],
  });
  expect(Number(estimated['tokens'])).toBeGreaterThan(700_000);
});
