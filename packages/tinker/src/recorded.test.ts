/** The client held to what the official Python SDK sends and reads; `scripts/record-sdk.py` records it. */
import { readFileSync } from 'node:fs';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { createTinkerClient } from './create-tinker-client.ts';
import { weightedDatum, type Datum } from './data/datum.ts';
import { tokens } from './data/model-input.ts';
import { floats, integers } from './data/tensor.ts';
import { everyAdamParam } from './testing/every-adam-param.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';
import { createFaultyFetch, type SeenRequest } from './testing/faults.ts';
import { ForwardBackwardRequestSchema } from './wire/generated/tinker_public_pb.ts';
import {
  decodePassOutput,
  decodePassRequest,
  decodeSampleOutput,
  isZstd,
  passRequestJson,
  passRequestToJson,
  zstdDecompress,
} from './wire/index.ts';

interface Exchange {
  readonly path: string;
  readonly contentEncoding: string | null;
  readonly json: Record<string, unknown> | null;
  readonly binary: string | null;
  readonly reply: { readonly json: unknown } | { readonly binary: string };
}

interface Recording {
  readonly plain: readonly Exchange[];
  readonly compressed: readonly Exchange[];
  readonly jsonPasses: readonly object[];
  readonly results: Record<'pass' | 'sample', { readonly binary: string; readonly value: unknown }>;
}

const recording = JSON.parse(
  readFileSync(new URL('./fixtures/recorded.json', import.meta.url), 'utf8'),
) as Recording;
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part,
    ),
  );

/** Answers each request as the recorded server answered the SDK's request to the same path. */
function createReplay(exchanges: readonly Exchange[]) {
  const left = [...exchanges];
  return createFaultyFetch((request) => {
    const { pathname } = new URL(request.url);
    const index = left.findIndex(({ path }) => path === pathname);
    const [exchange] = index < 0 ? [] : left.splice(index, 1);
    if (!exchange) return Response.json({ detail: `the SDK does not ask ${pathname}` }, { status: 404 });
    if ('json' in exchange.reply) return Response.json(exchange.reply.json);
    return new Response(bytes(exchange.reply.binary), {
      headers: { 'content-type': 'application/x-protobuf' },
    });
  });
}

const policy: Datum = {
  modelInput: tokens([1, 2, 3]),
  inputs: {
    target_tokens: integers([2, 3, 4]),
    logprobs: floats([0, -1.5, -0.25]),
    advantages: floats([0, 1, 1]),
  },
};
const weighted = weightedDatum([5, 6, 7], [0, 0, 1]);

/** The calls that the script makes of the SDK. */
async function drive(exchanges: readonly Exchange[]) {
  const { fetch, seen } = createReplay(exchanges);
  const tinker = createTinkerClient({
    baseUrl: 'http://recorded',
    fetch,
    apiKey: 'tml-recording',
    clock: createVirtualClock(),
    random: () => 0.5,
  });
  const session = await tinker.openSession({ userMetadata: { run: 'one' } });
  const model = await session.createModel({
    baseModel: 'tiny',
    lora: { rank: 8, seed: 1, trainUnembed: false, trainMlp: true, trainAttn: true },
  });
  const info = await model.info();
  const pass = await model.forwardBackward([policy], {
    name: 'ppo',
    clipLowThreshold: 0.8,
    clipHighThreshold: 1.28,
  });
  await model.forward([weighted], { name: 'cross_entropy' });
  const step = await model.optimStep(everyAdamParam);
  const saved = await model.saveWeights('one', { ttlSeconds: 3600 });
  const path = await model.saveWeightsForSampler('one');
  const sampler = await model.createSampler();
  const sample = await sampler.sample({
    prompt: tokens([1, 2, 3]),
    samples: 2,
    maxTokens: 2,
    temperature: 0.5,
    topK: 3,
    topP: 0.9,
    seed: 1,
    stop: [4],
    promptLogprobs: true,
    topPromptLogprobs: 1,
    topLogprobs: 2,
  });
  const other = await session.createSampler({ modelPath: path });
  await session.close();
  return { seen, info, pass, step, saved, path, sample, other };
}

const sent = ({ path }: { path: string }) => !/retrieve_future|dynamic_config|samplers/.test(path);
const jsonOf = ({ body }: SeenRequest) =>
  body.length > 0 ? (JSON.parse(new TextDecoder().decode(body)) as object) : null;
const readable = (body: Uint8Array) =>
  toJson(ForwardBackwardRequestSchema, fromBinary(ForwardBackwardRequestSchema, body));

/** Where the passes are, whose bodies are binary. */
const passes = (requests: readonly { path: string }[]) =>
  requests.flatMap(({ path }, index) => (path.endsWith('/forward_backward') ? [index] : []));

describe('the requests of the SDK', () => {
  it('are the requests of this client, in the same order', async () => {
    const { seen } = await drive(recording.plain);
    const ours = seen.filter(sent);
    const theirs = recording.plain.filter(sent);
    expect(ours.map(({ path }) => path)).toEqual(theirs.map(({ path }) => path));
    expect(passes(ours).map((index) => readable(ours[index]!.body))).toEqual(
      passes(theirs).map((index) => readable(bytes(theirs[index]!.binary!))),
    );
    const extra = new Set<string>();
    for (const [index, { json }] of theirs.entries()) {
      const own = json ? (jsonOf(ours[index]!) as Record<string, unknown>) : {};
      expect(json ?? {}).toMatchObject(own);
      for (const [name, value] of Object.entries(json ?? {}))
        if (!(name in own) && name !== 'type') extra.add(`${name}: ${JSON.stringify(value)}`);
    }
    // What the SDK says beyond, and this client leaves to the server: all of it is the default.
    expect([...extra].toSorted()).toEqual([
      'detail: null',
      'kind: "snapshot"',
      'optimizer_config: {"type":"adamw"}',
      'overwrite: false',
      'prompt_alt_tokens_k: 0',
      'record_stability_info: false',
    ]);
    expect(seen.map(({ headers }) => headers.get('x-api-key'))).toEqual(seen.map(() => 'tml-recording'));
  });

  it('are compressed as this client compresses', async () => {
    const { seen } = await drive(recording.compressed);
    const ours = seen.filter(({ headers }) => headers.get('content-encoding') === 'zstd');
    const theirs = recording.compressed.filter(({ contentEncoding }) => contentEncoding === 'zstd');
    expect(ours).toHaveLength(2);
    for (const [index, { binary }] of theirs.entries()) {
      const body = bytes(binary!);
      expect([isZstd(body), isZstd(ours[index]!.body)]).toEqual([true, true]);
      expect(readable(await zstdDecompress(ours[index]!.body))).toEqual(readable(await zstdDecompress(body)));
    }
  });

  it('are read here as they are meant', () => {
    const ppo = recording.plain.find(({ binary }) => binary);
    expect(plain(decodePassRequest(bytes(ppo!.binary!)))).toEqual(
      plain({
        modelId: 'model-1',
        seqId: 1,
        forwardOnly: false,
        loss: { lossFn: 'ppo', config: { clip_low_threshold: 0.8, clip_high_threshold: 1.28 } },
        data: [policy],
      }),
    );
  });

  it('in JSON are what this client writes and reads', () => {
    const sparse: Datum = {
      modelInput: tokens([1, 2]),
      inputs: {
        target_tokens: {
          type: 'int64',
          shape: [2, 3],
          data: [4, 9],
          sparse: { rowStarts: [0, 1, 2], columns: [2, 0] },
        },
      },
    };
    const requests = [
      {
        modelId: 'model-1',
        seqId: 1,
        forwardOnly: false,
        loss: { lossFn: 'ppo', config: { clip_low_threshold: 0.8, clip_high_threshold: 1.28 } },
        data: [policy],
      },
      {
        modelId: 'model-1',
        seqId: 1,
        forwardOnly: false,
        loss: { lossFn: 'cross_entropy', config: undefined },
        data: [weighted, sparse],
      },
    ];
    expect(requests.map(passRequestToJson)).toEqual(recording.jsonPasses);
    expect(plain(recording.jsonPasses.map((body) => passRequestJson.parse(body)))).toEqual(plain(requests));
  });
});

describe('the results that the SDK reads', () => {
  it('are read here the same', () => {
    const { pass, sample } = recording.results;
    expect(plain(decodePassOutput(bytes(pass.binary)))).toEqual(pass.value);
    // JSON has no word for undefined in a list, nor for NaN.
    expect(plain(decodeSampleOutput(bytes(sample.binary)))).toEqual(sample.value);
  });

  it('reach the caller', async () => {
    const { info, pass, step, saved, path, sample, other } = await drive(recording.plain);
    expect(info).toMatchObject({ modelId: 'model-1', tokenizerId: 'tiny', isLora: true, loraRank: 8 });
    expect(plain(pass)).toEqual(recording.results.pass.value);
    expect(step.metrics).toEqual({ 'grad_norm:max': 0.5 });
    expect([saved, path, other.samplingSessionId]).toEqual([
      'tinker://model-1/weights/one',
      'tinker://model-1/sampler_weights/one',
      'sampler-2',
    ]);
    expect(sample.sequences.map(({ sequenceId, stopReason }) => [sequenceId, stopReason])).toEqual([
      ['a', 'stop'],
      ['b', 'length'],
    ]);
    expect(plain(sample)).toMatchObject({ promptLogprobs: [null, -0.75, -1] });
  });
});
