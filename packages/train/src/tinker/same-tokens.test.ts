/** Nothing is tokenized between sampling and training: the tokens that are trained are those that were sampled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passRequestJson, sampleOutputJson } from '@memagent/tinker/wire';
import { expect, onTestFinished, test } from 'vitest';
import { faultBaseModels, runFaultTraining } from '../testing/fault-run.ts';
import { openLocalTinker } from './local-tinker.ts';

test('the tokens and log-probabilities that are trained are exactly the sampled ones', async () => {
  const root = await mkdtemp(join(tmpdir(), 'memagent-tokens-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const server = openLocalTinker({ folder: join(root, 'server'), baseModels: faultBaseModels() });
  const prompts = new Map<string, number[]>();
  const sampled = new Set<string>();
  const trained: string[] = [];
  /** What the model reads after the prompt, and the targets but for the last: the same tokens. */
  const continued: [number[], number[]][] = [];

  /** Looks at what goes over the wire, in JSON. */
  const listen: typeof fetch = async (input, init = {}) => {
    const operation = new URL(String(input)).pathname.split('/').at(-1);
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : {};
    const headers = new Headers(init.headers);
    headers.delete('accept');
    const response = await server.fetch(input, { ...init, headers });
    const answer = (await response.clone().json()) as { request_id?: string; sequences?: unknown };
    if (operation === 'asample') {
      const { prompt } = body as { prompt: { chunks: { tokens: number[] }[] } };
      prompts.set(
        answer.request_id ?? '',
        prompt.chunks.flatMap(({ tokens }) => tokens),
      );
    } else if (operation === 'retrieve_future' && answer.sequences) {
      const { request_id: id } = body as { request_id: string };
      for (const { tokens, logprobs = [] } of sampleOutputJson.parse(answer).sequences) {
        sampled.add(describe(prompts.get(id) ?? [], Array.from(tokens), Array.from(logprobs)));
      }
    } else if (operation === 'forward_backward') {
      for (const { modelInput, inputs } of passRequestJson.parse(body).data) {
        const read = modelInput.flatMap((chunk) => (chunk.type === 'text' ? Array.from(chunk.tokens) : []));
        const targets = Array.from(inputs.target_tokens?.data ?? []);
        const logprobs = Array.from(inputs.logprobs?.data ?? []);
        const from = logprobs.findIndex((logprob) => logprob !== 0);
        trained.push(describe(read.slice(0, from + 1), targets.slice(from), logprobs.slice(from)));
        continued.push([read.slice(from + 1), targets.slice(from, -1)]);
      }
    }
    return response;
  };

  const connection = {
    baseUrl: 'http://tinker.local',
    apiKey: 'tml-x',
    fetch: listen,
    wireFormat: 'json' as const,
  };
  await Array.fromAsync(runFaultTraining({ out: join(root, 'run'), connection }));
  server.close();
  expect(trained.length).toBeGreaterThan(10);
  for (const [read, targets] of continued) expect(read).toEqual(targets);
  expect(trained.filter((one) => !sampled.has(one))).toEqual([]);
}, 120_000);

/** 32-bit floats, as they travel. */
function describe(prompt: readonly number[], tokens: readonly number[], logprobs: readonly number[]): string {
  return JSON.stringify([prompt, tokens, logprobs.map(Math.fround)]);
}
