import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { startLoopbackServer } from '../testing/loopback-server.ts';
import { estimateExtract, extract } from './extract.ts';
import { plantedRecord, plantedText } from './planted-document.ts';

const rain = [
  'It rained all day.',
  'Nobody came. '.repeat(8),
  'The sea was grey, and the lamp was lit at four. '.repeat(5),
];
const source = [...plantedText(rain, { characters: 60_000, every: 5 })].join('');
const schema = z.object({ id: z.string(), name: z.string(), year: z.int() });
const retry = { minDelayMs: 1, maxDelayMs: 2 };

test.each(['o200k_base', 'estimate'])(
  'a server that goes wrong in many ways loses no record, and gets no prompt over its window (%s)',
  { timeout: 120_000 },
  async (tokenizer) => {
    await using server = await startLoopbackServer({
      window: 4096,
      faults: {
        rate: 0.3,
        seed: 3,
        kinds: ['server-error', 'reset', 'empty', 'malformed', 'reasoning', 'refusal', 'over-long'],
      },
    });
    const model = createOpenAICompatible({
      name: 'loopback',
      baseURL: server.baseUrl,
      supportsStructuredOutputs: true,
    })('loopback');
    const options = {
      model,
      schema,
      key: ['id'],
      source,
      tokenizer,
      window: 4096,
      outputTokens: 2048,
      retry,
    };
    const foreseen = await estimateExtract({ ...options, speed: { tokensPerSecond: 50 } });
    expect(server.stats.requests).toBe(0);
    const run = extract({ ...options, store: createMemoryRunStore() });
    const records = await Array.fromAsync(run.records());
    expect(records.map(({ record }) => record)).toEqual(records.map((_, index) => plantedRecord(index)));
    expect(records.length).toBeGreaterThan(60);
    const { extraction, usage } = await run.result;
    expect(extraction?.dropped).toMatchObject({ records: 0, pieces: 0 });
    expect(usage.retries).toBeGreaterThan(0);
    expect(server.stats.overWindow).toBe(0);
    expect(foreseen.calls).toBe(foreseen.sections);
    expect(foreseen.seconds).toBeGreaterThan(0);
  },
);
