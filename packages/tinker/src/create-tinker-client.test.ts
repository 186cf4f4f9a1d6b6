import { describe, expect, it } from 'vitest';
import { policyDatum, weightedDatum } from './data/datum.ts';
import { tokens } from './data/model-input.ts';
import { everyAdamParam } from './testing/every-adam-param.ts';
import { logprobOf } from './testing/fixture-engine.ts';
import { openFixture, openModel } from './testing/open-fixture.ts';
import { decodePassRequest, isZstd, zstdDecompress } from './wire/index.ts';

const data = [weightedDatum([1, 2, 3], [0, 1, 0.5]), weightedDatum([4, 5], [0, 1])];
/** By hand, at weight 0: 1.2 + 0.5 * 1.3 + 1.5. */
const lossOfData = 3.35;

describe.each([
  ['protobuf', { wireFormat: 'protobuf' }, {}],
  ['protobuf and zstd', { wireFormat: 'protobuf' }, { proto_compress_fwdbwd: true }],
  ['json', { wireFormat: 'json' }, {}],
] as const)('a model over %s', (_, client, config) => {
  it('computes, steps, saves, loads and samples', async () => {
    const { model, session, server } = await openModel({ client, config });
    const pass = await model.forwardBackward(data, { name: 'cross_entropy' });
    expect(pass.metrics['loss:sum']).toBeCloseTo(lossOfData);
    expect(Array.from(pass.outputs[0]!['logprobs']!.data)).toEqual(
      [2, 3].map((token) => Math.fround(logprobOf(token, 0))),
    );
    expect(pass.outputs[1]!['logprobs']!.shape).toEqual([1]);

    const step = await model.optimStep({ learningRate: 0.1 });
    expect(step.metrics['weight:max']).toBeCloseTo(lossOfData / 10);
    const path = await model.saveWeights('one');
    const sampler = await model.createSampler();
    expect(server.done).toEqual([
      'forward_backward 1',
      'optim_step 2',
      'save_weights 3',
      'save_weights_for_sampler 4',
    ]);

    const sample = await sampler.sample({
      prompt: tokens([1, 2, 3]),
      maxTokens: 2,
      samples: 2,
      promptLogprobs: true,
      topPromptLogprobs: 1,
      topLogprobs: 1,
    });
    const [first, second] = sample.sequences;
    expect(first).toMatchObject({
      tokens: Int32Array.of(1, 2),
      stopReason: 'length',
      topLogprobs: [[{ token: 1, logprob: -1 }], [{ token: 2, logprob: -1 }]],
    });
    expect(first!.logprobs![0]).toBeCloseTo(logprobOf(1, lossOfData / 10));
    expect(second!.sequenceId).toMatch(/:1$/);
    expect([sample.promptLogprobs![0], sample.topPromptLogprobs![0]]).toEqual([Number.NaN, undefined]);

    const next = await session.createModelFrom(path);
    const again = await next.forward(data, { name: 'cross_entropy' });
    expect(again.metrics['loss:sum']).toBeCloseTo(lossOfData + 2.5 * (lossOfData / 10));
    expect(server.models.get('m1')).toMatchObject({ gradient: 0 });
  });

  it('sends settings of the loss', async () => {
    const { model } = await openModel({ client, config });
    const { outputs } = await model.forward([policyDatum([1, 2], [0, logprobOf(2, 0) - 2], [0, 1])], {
      name: 'ppo',
      clipHighThreshold: 1.28,
    });
    expect(outputs[0]!['elementwise_loss']!.data[0]).toBeCloseTo(-1.28);
  });
});

describe('the format of passes', () => {
  it('is compressed when the server asks for it', async () => {
    const { model, seen } = await openModel({ config: { proto_compress_fwdbwd: true } });
    await model.forwardBackward(data, { name: 'cross_entropy' });
    const { body, headers } = seen.find(({ path }) => path.endsWith('forward_backward'))!;
    expect([isZstd(body), headers.get('content-encoding'), headers.get('content-type')]).toEqual([
      true,
      'zstd',
      'application/x-protobuf',
    ]);
    expect(decodePassRequest(await zstdDecompress(body))).toMatchObject({
      modelId: 'm0',
      seqId: 1,
      forwardOnly: false,
    });
  });

  it('becomes JSON on a server that reads no other, once and for all', async () => {
    const { model, seen, eventsOf, server } = await openModel({ jsonOnly: true });
    await model.forwardBackward(data, { name: 'cross_entropy' });
    await model.forward(data, { name: 'cross_entropy' });
    expect(eventsOf('wire-format')).toEqual([{ type: 'wire-format', format: 'json' }]);
    expect(seen.filter(({ path }) => path.includes('forward')).map(({ path }) => path)).toEqual([
      '/api/v1/forward_backward',
      '/api/v1/forward_backward',
      '/api/v1/forward',
    ]);
    expect(server.done).toEqual(['forward_backward 1', 'forward 2']);
  });
});

describe('calls of a model', () => {
  it('go out before the results of those before are there', async () => {
    const { model, seen, server } = await openModel({ pending: ['try_again', 'timeout', 'try_again'] });
    const calls = [
      model.forwardBackward(data, { name: 'cross_entropy' }),
      model.optimStep(),
      model.forwardBackward(data, { name: 'cross_entropy' }),
      model.optimStep(),
    ];
    await Promise.all(calls);
    expect(server.done).toEqual(['forward_backward 1', 'optim_step 2', 'forward_backward 3', 'optim_step 4']);
    const last = seen.findLastIndex(({ path }) => path.endsWith('optim_step'));
    const polls = seen.slice(last).filter(({ path }) => path.endsWith('retrieve_future'));
    expect(polls.length).toBeGreaterThanOrEqual(4);
  });

  it('settle as their results come, in whatever order', async () => {
    const { model, server } = await openModel({ slow: [1] });
    const settled: string[] = [];
    await Promise.all([
      model.forwardBackward(data, { name: 'cross_entropy' }).then(() => settled.push('pass')),
      model.optimStep().then(() => settled.push('step')),
    ]);
    expect(settled).toEqual(['step', 'pass']);
    expect(server.done).toEqual(['forward_backward 1', 'optim_step 2']);
  });

  it('cut data that is too large for one request, and put the results together', async () => {
    const { model, server } = await openModel({ config: { fwdbwd_max_chunk_len: 1 } });
    const pass = model.forwardBackward(data, { name: 'cross_entropy' });
    const step = model.optimStep({ learningRate: 1 });
    const { outputs, metrics } = await pass;
    expect(outputs).toHaveLength(2);
    expect(metrics['loss:sum']).toBeCloseTo(lossOfData);
    expect((await step).metrics['weight:max']).toBeCloseTo(lossOfData);
    expect(server.done).toEqual(['forward_backward 1', 'forward_backward 2', 'optim_step 3']);
  });

  it('send every parameter of Adam, and clipping only when it is asked for', async () => {
    const { model, seen } = await openModel();
    await model.optimStep(everyAdamParam);
    await model.optimStep();
    const sent = seen
      .filter(({ path }) => path.endsWith('optim_step'))
      .map(({ body }) => (JSON.parse(new TextDecoder().decode(body)) as { adam_params: object }).adam_params);
    expect(sent).toEqual([
      { learning_rate: 1e-5, beta1: 0.8, beta2: 0.99, eps: 1e-8, weight_decay: 0.1, grad_clip_norm: 1 },
      { learning_rate: 1e-4, beta1: 0.9, beta2: 0.95, eps: 1e-12, weight_decay: 0 },
    ]);
  });

  it('with wrong data are not sent', async () => {
    const { model, seen } = await openModel();
    const before = seen.length;
    const pass = { name: 'cross_entropy' } as const;
    await expect(model.forwardBackward([], pass)).rejects.toThrow('There are no datums');
    await expect(model.forwardBackward([{ modelInput: tokens([-1]), inputs: {} }], pass)).rejects.toThrow(
      'datum 0: token 0 is -1',
    );
    await expect(model.forward(data, { name: 'ppo', clipHighThreshold: 0.28 })).rejects.toThrow(
      'clipHighThreshold of ppo is 0.28',
    );
    await expect(model.optimStep({ beta1: 2 })).rejects.toThrow('beta1');
    expect(() => weightedDatum([1, 2], [0, Number.NaN])).toThrow('entry 0 is NaN');
    expect(() => policyDatum([1, 2], [0], [0, 1])).toThrow('1 logprobs for 2 tokens');
    expect(seen).toHaveLength(before);
  });

  it('tell what the queue of the server says, when it changes', async () => {
    const { model, eventsOf } = await openModel({ pending: ['try_again', 'try_again', 'timeout'] });
    await model.optimStep();
    expect(
      eventsOf('queue-state')
        .filter(({ operation }) => operation === 'optim_step')
        .map(({ state, reason }) => [state, reason]),
    ).toEqual([
      ['active', undefined],
      ['paused_capacity', 'full'],
    ]);
  });

  it('that the server took and failed say why, and those after them go on', async () => {
    const { model } = await openModel({ failing: { optim_step: 'the norm is not finite' } });
    await expect(model.optimStep()).rejects.toMatchObject({
      code: 'request-failed',
      message: 'The server failed to do optim_step: the norm is not finite (user)',
      requestId: '1',
    });
    await expect(model.forward(data, { name: 'cross_entropy' })).resolves.toMatchObject({
      outputType: 'ArrayRecord',
    });
  });

  it('unload the model in their order', async () => {
    const { model, server } = await openModel();
    await Promise.all([model.optimStep(), model.unload()]);
    expect(server.done).toEqual(['optim_step 1']);
    await expect(model.optimStep()).rejects.toMatchObject({ code: 'refused', status: 404 });
  });

  it('tell of the model', async () => {
    const { model } = await openModel();
    expect(await model.info()).toEqual({
      modelId: 'm0',
      modelName: 'tiny',
      tokenizerId: 'tiny',
      isLora: undefined,
      loraRank: 8,
    });
  });
});

/** A token as the server gives it, with the times of its life. */
const jwt = (iat: number, exp: number) =>
  `h.${Buffer.from(JSON.stringify({ iat, exp })).toString('base64url')}.s`;
const token = (value: string) =>
  ({ kind: 'status', status: 200, body: JSON.stringify({ jwt: value }) }) as const;

describe('a server', () => {
  it('tells what it can do, what it trained and what it keeps', async () => {
    const { tinker, model } = await openModel({
      faults: { '/archive': [{ kind: 'status', status: 405 }] },
    });
    const path = await model.saveWeights('one');
    await tinker.health();
    expect((await tinker.capabilities()).supportedModels).toEqual([
      { modelName: 'tiny', maxContextLength: 4096, trainable: undefined, sampleable: undefined },
    ]);
    expect(await tinker.trainingRuns.list()).toMatchObject({
      totalCount: 1,
      items: [{ trainingRunId: 'm0', loraRank: 8 }],
    });
    expect(await tinker.trainingRuns.get('m0')).toMatchObject({
      baseModel: 'tiny',
      corrupted: false,
      userMetadata: { step: '3' },
    });
    expect(await tinker.checkpoints.ofRun('m0')).toMatchObject([
      { path, checkpointType: 'training', sizeBytes: undefined },
    ]);
    expect(await tinker.checkpoints.info(path)).toMatchObject({
      baseModel: 'tiny',
      isLora: true,
      loraRank: 8,
    });
    // The fixture, as SkyRL, knows archives by the bare name; SkyRL says 405 to the other.
    expect(await tinker.checkpoints.archiveUrl(path)).toBe('https://files.example/one');
    expect(await tinker.checkpoints.archiveUrl(path)).toBe('https://files.example/one');
    await tinker.checkpoints.delete(path);
    expect(await tinker.checkpoints.list()).toEqual({ items: [], totalCount: 0 });
    await expect(tinker.checkpoints.delete('tinker://m0/one')).rejects.toThrow(
      '"tinker://m0/one" is no path of saved weights',
    );
  });

  it('is told whom a checkpoint is for and how long it is kept', async () => {
    const ok = { kind: 'status', status: 200, body: '{}' } as const;
    const { tinker, seen } = openFixture({ faults: { '/publish': [ok, ok], '/ttl': [ok, ok] } });
    const path = 'tinker://m0/sampler_weights/one';
    await tinker.checkpoints.publish(path);
    await tinker.checkpoints.unpublish(path);
    await tinker.checkpoints.setTtl(path, 3600);
    await tinker.checkpoints.setTtl(path, null);
    const root = '/api/v1/training_runs/m0/checkpoints/sampler_weights/one';
    expect(
      seen.map((request) => [request.method, request.path, new TextDecoder().decode(request.body)]),
    ).toEqual([
      ['POST', '/api/v1/client/config', '{"sdk_version":"0.38.0"}'],
      ['POST', `${root}/publish`, '{}'],
      ['DELETE', `${root}/publish`, '{}'],
      ['PUT', `${root}/ttl`, '{"ttl_seconds":3600}'],
      ['PUT', `${root}/ttl`, '{"ttl_seconds":null}'],
    ]);
  });

  it('is asked with the key, or with the token that it gives for the key', async () => {
    const plain = openFixture({ client: { apiKey: async () => 'tml-1' } });
    await plain.tinker.capabilities();
    expect(plain.seen.map(({ headers }) => headers.get('x-api-key'))).toEqual(['tml-1', 'tml-1']);

    const invalid = {
      kind: 'status',
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    } as const;
    const { tinker, seen, clock } = openFixture({
      client: { apiKey: 'tml-1' },
      config: { pjwt_auth_enabled: true },
      faults: {
        '/auth/token': [token(jwt(0, 100)), token(jwt(50, 150)), token(jwt(60, 160))],
        '/get_server_capabilities': [undefined, undefined, undefined, invalid],
      },
    });
    await Promise.all([tinker.capabilities(), tinker.capabilities()]);
    await clock.advance(50_000);
    await tinker.capabilities();
    await tinker.capabilities();
    expect(
      seen.filter(({ path }) => path.endsWith('capabilities')).map(({ headers }) => headers.get('x-api-key')),
    ).toEqual([jwt(0, 100), jwt(0, 100), jwt(50, 150), jwt(50, 150), jwt(60, 160)]);
  });

  it('must have an address', () => {
    expect(() => openFixture({ client: { baseUrl: 'localhost:8000' } })).toThrow(
      'baseUrl is "localhost:8000"',
    );
  });
});

describe('a sampler', () => {
  it('samples from a base model, many at a time', async () => {
    const { tinker } = openFixture();
    const session = await tinker.openSession();
    const sampler = await session.createSampler({ baseModel: 'tiny' });
    const samples = await Promise.all(
      Array.from({ length: 200 }, async (_, index) =>
        sampler.sample({ prompt: tokens([index]), maxTokens: 1 }),
      ),
    );
    expect(samples.map(({ sequences }) => sequences[0]!.tokens[0])).toEqual(
      Array.from({ length: 200 }, (_, index) => index),
    );
  });

  it('does not send what is wrong', async () => {
    const { tinker } = openFixture();
    const sampler = await (await tinker.openSession()).createSampler({ baseModel: 'tiny' });
    await expect(sampler.sample({ prompt: tokens([1]), maxTokens: 0 })).rejects.toThrow('maxTokens');
    await expect(sampler.sample({ prompt: [], maxTokens: 1 })).rejects.toThrow(
      'The prompt: the input is empty',
    );
  });
});
