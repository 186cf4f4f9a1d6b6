/** A server that dies, hangs or is started anew in the middle of a step changes neither rewards nor weights. */
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultBaseModels, outcomeOf, runFaultTraining } from '../testing/fault-run.ts';
import { type LocalTinker, openLocalTinker } from './local-tinker.ts';

let root: string;
let expected: Record<string, string>;
let requests: Record<string, number>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'memagent-faults-'));
  ({ outcome: expected, requests } = await trainWith('whole', () => undefined));
}, 120_000);
afterAll(() => rm(root, { recursive: true }));

type Fault = 'restart' | 'hang' | 'lose-answer';

/**
 * Trains against a server in this process; `faultAt` says what happens to the request of an operation and number.
 * `attempt` counts the times that this very request was sent, from 1.
 */
async function trainWith(
  name: string,
  faultAt: (operation: string, number: number, attempt: number) => Fault | undefined,
) {
  const folder = join(root, name, 'server');
  const start = (): LocalTinker => openLocalTinker({ folder, baseModels: faultBaseModels() });
  let server = start();
  const counts: Record<string, number> = {};
  const attempts = new Map<string, number>();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const operation = new URL(String(input)).pathname.split('/').at(-1) ?? '';
    counts[operation] = (counts[operation] ?? 0) + 1;
    const bytes = new Uint8Array(await new Response(init?.body).arrayBuffer());
    const request = `${operation} ${hash('sha256', bytes)}`;
    const attempt = (attempts.get(request) ?? 0) + 1;
    attempts.set(request, attempt);
    switch (faultAt(operation, counts[operation], attempt)) {
      case undefined:
        return server.fetch(input, init);
      case 'restart':
        // All that it had in memory is gone: sessions, models, weights to sample from, results.
        server.close();
        server = start();
        throw new TypeError('fetch failed');
      case 'lose-answer':
        await server.fetch(input, init);
        throw new TypeError('fetch failed');
      case 'hang':
        return new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        });
    }
  };
  const out = join(root, name, 'run');
  const notices: string[] = [];
  const run = runFaultTraining({
    out,
    connection: { baseUrl: 'http://tinker.local', apiKey: 'tml-x', fetch },
  });
  for await (const event of run) if (event.type === 'notice') notices.push(event.code);
  server.close();
  return { outcome: await outcomeOf(out, folder), notices, requests: counts };
}

test.each([
  ['creating the model', 'create_model', 0],
  ['sampling', 'asample', 0.4],
  ['a pass', 'forward_backward', 0.7],
  ['an optimiser step', 'optim_step', 0.9],
  ['saving', 'save_weights', 0],
  ['saving weights to sample from', 'save_weights_for_sampler', 0.5],
] as const)(
  'the server is started anew in the middle of %s',
  async (_, operation, place) => {
    const at = 1 + Math.floor((requests[operation] ?? 0) * place);
    expect(requests[operation]).toBeGreaterThanOrEqual(at);
    const { outcome } = await trainWith(`restart-${operation}`, (name, number) =>
      name === operation && number === at ? 'restart' : undefined,
    );
    expect(outcome).toEqual(expected);
  },
  120_000,
);

test('answers that are lost on the way do not make anything happen twice', async () => {
  // The first answer only: a request that is unlucky each time it is sent is given up, and rightly so.
  const { outcome, notices } = await trainWith('lost', (name, number, attempt) =>
    ['forward_backward', 'optim_step', 'asample', 'save_weights'].includes(name) &&
    number % 3 === 1 &&
    attempt === 1
      ? 'lose-answer'
      : undefined,
  );
  expect(outcome).toEqual(expected);
  expect(notices).toEqual([]);
}, 120_000);

test('a server that answers nothing for a while is waited for', async () => {
  const { outcome } = await trainWith('hang', (name, number) =>
    name === 'optim_step' && number === 2 ? 'hang' : undefined,
  );
  expect(outcome).toEqual(expected);
}, 120_000);
