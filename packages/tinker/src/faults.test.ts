import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createTinkerClient } from './create-tinker-client.ts';
import { weightedDatum } from './data/datum.ts';
import { tokens } from './data/model-input.ts';
import type { Fault } from './testing/faults.ts';
import { createFixtureServer } from './testing/fixture-server.ts';
import { openFixture, openModel } from './testing/open-fixture.ts';

const data = [weightedDatum([1, 2, 3], [0, 1, 1])];
const ce = { name: 'cross_entropy' } as const;
const status = (code: number, more: { body?: string; headers?: Record<string, string> } = {}): Fault => ({
  kind: 'status',
  status: code,
  ...more,
});
const busy: Record<string, Fault> = {
  'a 408': status(408),
  'a 425': status(425),
  'a 429': status(429),
  'a 500': status(500),
  'a 503': status(503),
  'an empty 400': status(400, { body: '' }),
  'a reset': { kind: 'reset' },
  'a lost answer': { kind: 'lost-answer' },
  'a hang': { kind: 'hang' },
};
const client = { retry: { answerTimeoutMs: 50, pollTimeoutMs: 50, maxWaitMs: 5000 } };

describe.each(Object.entries(busy))('%s', (_, fault) => {
  it('of any request changes nothing but the time it takes', async () => {
    const { model, server, session } = await openModel({
      client,
      faults: Object.fromEntries(
        [
          'create_session',
          'create_model',
          'forward_backward',
          'optim_step',
          'save_weights',
          'save_weights_for_sampler',
          'asample',
          'retrieve_future',
        ].map((path) => [`/${path}`, [fault, fault]]),
      ),
    });
    const calls = [
      model.forwardBackward(data, ce),
      model.optimStep({ learningRate: 1 }),
      model.forwardBackward(data, ce),
      model.optimStep({ learningRate: 1 }),
    ];
    await Promise.all(calls);
    const sampler = await model.createSampler();
    const { sequences } = await sampler.sample({ prompt: tokens([1, 2]), maxTokens: 2 });
    expect(await model.saveWeights('end')).toBe('tinker://m0/weights/end');
    expect(server.done).toEqual([
      'forward_backward 1',
      'optim_step 2',
      'forward_backward 3',
      'optim_step 4',
      'save_weights_for_sampler 5',
      'save_weights 6',
    ]);
    // By hand: losses 1.2 + 1.3, a weight of 2.5; then 1.2 + 1.3 + 2 * 2.5, a weight of 10.
    expect(server.models.get('m0')!.weight).toBeCloseTo(10);
    expect(sequences[0]!.tokens).toEqual(Int32Array.of(1, 2));
    await session.close();
  });
});

describe('a request', () => {
  it('carries one idempotency key through all its attempts, and another than the next', async () => {
    let draws = 0;
    const { tinker, seen } = openFixture({
      client: { random: () => (draws = (draws + 0.37) % 1) },
      faults: { '/create_session': [status(500), { kind: 'lost-answer' }] },
    });
    await tinker.openSession();
    await tinker.openSession();
    const keys = seen
      .filter(({ path }) => path.endsWith('create_session'))
      .map(({ headers }) => headers.get('x-idempotency-key'));
    expect(keys).toHaveLength(4);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('waits longer each time, and as long as the server asks', async () => {
    const { tinker, eventsOf } = openFixture({
      faults: { '/healthz': [status(500), status(500), status(429, { headers: { 'retry-after': '7' } })] },
    });
    await tinker.health();
    expect(eventsOf('request-retry').map(({ waitMs, reason }) => [waitMs, reason])).toEqual([
      [375, 'status 500'],
      [750, 'status 500'],
      [7000, 'status 429'],
    ]);
  });

  it('is given up when the server stays away, but not while it says that it is busy', async () => {
    const away = openFixture({
      client: { retry: { giveUpAfterMs: 20_000 } },
      faults: { '/healthz': Array.from({ length: 50 }, () => status(503)) },
    });
    await expect(away.tinker.health()).rejects.toMatchObject({
      code: 'unreachable',
      retryable: true,
      status: 503,
      message: expect.stringContaining('gave no answer to healthz in 8 attempts') as string,
    });
    const limited = openFixture({
      client: { retry: { giveUpAfterMs: 20_000 } },
      faults: { '/healthz': Array.from({ length: 50 }, () => status(429)) },
    });
    await limited.tinker.health();
    expect(limited.seen).toHaveLength(51);
  });

  it('that is refused says why in the words of the server', async () => {
    const body = '{"detail":"not like this"}';
    const { model, server } = await openModel({
      faults: { '/optim_step': [status(422, { body }), status(403, { body })] },
    });
    await expect(model.optimStep()).rejects.toMatchObject({
      code: 'refused',
      status: 422,
      message: 'The server refused optim_step (422): not like this',
    });
    await expect(model.optimStep()).rejects.toMatchObject({ code: 'unauthorized' });
    await model.optimStep();
    expect(server.done).toEqual(['optim_step 1']);
  });

  it('that is refused keeps back those made behind it', async () => {
    const { model, server } = await openModel({
      faults: { '/forward_backward': [undefined, status(422), status(422)] },
    });
    const results = await Promise.allSettled([
      model.forward(data, ce),
      model.forwardBackward(data, ce),
      model.optimStep(),
    ]);
    expect(
      results.map((result) =>
        result.status === 'rejected' ? (result.reason as { code: string }).code : 'done',
      ),
    ).toEqual(['done', 'refused', 'earlier-request-failed']);
    expect(server.done).toEqual(['forward 1']);
  });

  it('that is sent elsewhere, or has no key, is told at once', async () => {
    const elsewhere = openFixture({
      faults: { '/healthz': [status(301, { headers: { location: 'https://new.example' } })] },
    });
    await expect(elsewhere.tinker.health()).rejects.toThrow('sends healthz to https://new.example (301)');
    const keyless = openFixture({ client: { apiKey: () => Promise.reject(new Error('locked')) } });
    await expect(keyless.tinker.health()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(keyless.seen).toEqual([]);
  });

  it('with an answer that is no protocol is told so', async () => {
    const { tinker } = openFixture({
      faults: {
        '/get_server_capabilities': [status(200, { body: '<html>' })],
        '/create_session': [status(200, { body: '{"id":1}' })],
      },
    });
    await expect(tinker.capabilities()).rejects.toMatchObject({ code: 'bad-response' });
    await expect(tinker.openSession()).rejects.toThrow(
      'The answer to create_session is not what the protocol says',
    );
  });

  it('is aborted at once and with the reason of the caller, wherever it is', async () => {
    const { model, seen } = await openModel({
      faults: { '/optim_step': [{ kind: 'hang' }], '/retrieve_future': [undefined, { kind: 'hang' }] },
    });
    const waiting = new AbortController();
    const forward = model.forward(data, ce, { signal: waiting.signal });
    const sending = new AbortController();
    const step = model.optimStep({}, { signal: sending.signal });
    const queued = new AbortController();
    const behind = model.optimStep({}, { signal: queued.signal });
    await new Promise((resolve) => setImmediate(resolve));
    queued.abort('queued');
    await expect(behind).rejects.toBe('queued');
    sending.abort('sending');
    await expect(step).rejects.toBe('sending');
    waiting.abort('waiting');
    await expect(forward).rejects.toBe('waiting');
    const before = seen.length;
    await expect(model.forward(data, ce, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    // Whether the server got the step that was cut off cannot be known.
    await expect(model.optimStep()).rejects.toMatchObject({ code: 'model-broken', cause: 'sending' });
    expect(seen).toHaveLength(before);
  });
});

/** How a sample ends when these results are lost, the numbers it was sent under, and how often that was told. */
const draw = async (lost: number[]) => {
  const { tinker, events, seen } = openFixture({ lost });
  const sampler = await (await tinker.openSession()).createSampler({ baseModel: 'tiny' });
  const code = await sampler.sample({ prompt: tokens([1]), maxTokens: 1 }).then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  const numbers = seen
    .filter(({ path }) => path.endsWith('asample'))
    .map(({ body }) => (JSON.parse(new TextDecoder().decode(body)) as { seq_id: number }).seq_id);
  return [code, numbers, events.filter(({ type }) => type === 'sample-resubmitted').length];
};

describe('a result', () => {
  it('that is lost fails the call of a model', async () => {
    const { model } = await openModel({ lost: [1] });
    await expect(model.optimStep()).rejects.toMatchObject({
      code: 'result-lost',
      retryable: true,
      requestId: '1',
    });
  });

  it('that is lost is drawn again by a sampler, three times at most', async () => {
    expect(await draw([0, 1])).toEqual(['done', [0, 1, 2], 2]);
    expect(await draw([0, 1, 2])).toEqual(['result-lost', [0, 1, 2], 2]);
  });

  it('of a save whose answer was lost is found where the server tells it by its name alone', async () => {
    const { model } = await openModel({
      savesConflict: true,
      faults: { '/save_weights': [{ kind: 'lost-answer' }] },
    });
    const save = model.saveWeights('one');
    const behind = model.optimStep();
    expect(await save).toBe('tinker://m0/weights/one');
    await behind;
    await expect(model.saveWeights('one')).rejects.toMatchObject({ code: 'refused', status: 409 });
  });
});

describe('a session', () => {
  it('beats every 10 s until it is closed, and tells of beats that are missed', async () => {
    const { session, server, clock, eventsOf } = await openModel({
      faults: { '/session_heartbeat': [undefined, { kind: 'reset' }, status(500)] },
    });
    for (let beats = 0; beats < 4; beats++) await clock.advance(10_000);
    expect(server.heartbeats).toBe(2);
    expect(eventsOf('heartbeat-missed').map(({ reason }) => reason)).toEqual([
      'fetch failed',
      'status 500: a fault',
    ]);
    await session.close();
    await clock.advance(10_000);
    expect(server.heartbeats).toBe(2);
  });

  it('that the server ended ends its calls', async () => {
    const { model, server, clock, eventsOf } = await openModel({
      faults: { '/retrieve_future': [undefined, { kind: 'hang' }] },
    });
    const step = model.optimStep();
    server.endSessions();
    await clock.advance(10_000);
    await expect(step).rejects.toMatchObject({ code: 'session-ended', status: 410 });
    await expect(model.optimStep()).rejects.toMatchObject({ code: 'session-ended' });
    expect(eventsOf('session-ended')).toHaveLength(1);
  });

  it('that is closed ends its calls', async () => {
    const { model, session, events } = await openModel({
      faults: { '/retrieve_future': [undefined, { kind: 'hang' }] },
    });
    const step = model.optimStep();
    await session.close('interrupted', 'enough');
    await expect(step).rejects.toMatchObject({ code: 'session-ended' });
    expect(events).toContainEqual({ type: 'server-message', level: 'info', message: 'welcome' });
    await session.close();
  });
});

describe('over a real connection', () => {
  it('large compressed passes, long answers and a server that goes away and comes back', async () => {
    const fixture = createFixtureServer({
      config: { proto_compress_fwdbwd: true, fwdbwd_max_chunk_bytes_count: 1e6 },
    });
    const start = async (port: number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const server = serve({ fetch: fixture.fetch, port, hostname: '127.0.0.1' }, () => resolve());
      await promise;
      return server;
    };
    const server = await start(0);
    const { port } = server.address() as AddressInfo;
    await using session = await createTinkerClient({
      baseUrl: `http://127.0.0.1:${port}/api/v1/`,
      retry: { firstWaitMs: 20, maxWaitMs: 50 },
    }).openSession();
    const model = await session.createModel({ baseModel: 'tiny', lora: 'full' });
    const long = Array.from({ length: 20_000 }, (_, index) => index % 1000);
    const batch = Array.from({ length: 10 }, () =>
      weightedDatum(
        long,
        long.map(() => 1),
      ),
    );
    const { outputs } = await model.forwardBackward(batch, ce);
    expect(outputs.map(({ logprobs }) => logprobs!.data.length)).toEqual(batch.map(() => 19_999));
    expect(fixture.done).toHaveLength(4);

    const closed = new Promise((resolve) => server.close(resolve));
    (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    await closed;
    const step = model.optimStep({ learningRate: 1e-9 });
    const again = await start(port);
    await step;
    expect(fixture.done.at(-1)).toBe('optim_step 5');
    (again as { closeAllConnections?: () => void }).closeAllConnections?.();
    await new Promise((resolve) => again.close(resolve));
  });
});
