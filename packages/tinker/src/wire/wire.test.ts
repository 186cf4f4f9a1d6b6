import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../data/tensor.ts';
import type { PassOutput } from '../model/pass-output.ts';
import type { SampleOutput } from '../sampling/sampler.ts';
import {
  decodePassOutput,
  decodePassRequest,
  decodeSampleOutput,
  encodePassOutput,
  encodePassRequest,
  encodeSampleOutput,
  isZstd,
  passOutputJson,
  passOutputToJson,
  passRequestJson,
  passRequestToJson,
  sampleOutputJson,
  sampleOutputToJson,
  tensorJson,
  tensorToJson,
  zstdCompress,
  zstdDecompress,
} from './index.ts';
import { tensorFromMessage, tensorToMessage } from './tensor-message.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const token = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const safeInteger = fc.maxSafeInteger();

const dense = (type: Tensor['type']) =>
  fc.array(fc.nat({ max: 4 }), { maxLength: 3 }).chain((shape) => {
    const length = shape.reduce((size, side) => size * side, 1);
    const entry: fc.Arbitrary<number> = type === 'float32' ? float : safeInteger;
    return fc
      .array(entry, { minLength: length, maxLength: length })
      .map((data): Tensor => ({ type, shape, data }));
  });

const sparse = fc.array(fc.array(safeInteger, { maxLength: 3 }), { maxLength: 4 }).map((rows): Tensor => {
  const rowStarts = rows.reduce((starts, row) => [...starts, starts.at(-1)! + row.length], [0]);
  return {
    type: 'int64',
    shape: [rows.length, 3],
    data: rows.flat(),
    sparse: { rowStarts, columns: rows.flatMap((row) => row.map((_, column) => column)) },
  };
});

const tensor = fc.oneof(dense('float32'), dense('int64'), sparse);

/** The same whatever kind of array holds the numbers. A float32 has one zero here, as JSON has. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part,
    ),
  );

describe('tensors', () => {
  it('survive both formats', () => {
    fc.assert(
      fc.property(tensor, (value) => {
        expect(plain(tensorFromMessage(tensorToMessage(value)))).toEqual(plain(value));
        expect(plain(tensorJson.parse(JSON.parse(JSON.stringify(tensorToJson(value)))))).toEqual(
          plain(value),
        );
      }),
    );
  });

  it('say which bytes are no values', () => {
    const message = tensorToMessage({ type: 'float32', shape: [1], data: [1] });
    message.encoding = { case: 'dense', value: new Uint8Array(3) };
    expect(() => tensorFromMessage(message)).toThrow('3 bytes are no whole number of 4-byte values');
  });
});

const datum = fc.record({
  modelInput: fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('text' as const), tokens: fc.array(token, { maxLength: 5 }) }),
      fc.record({
        type: fc.constant('image' as const),
        data: fc.uint8Array({ maxLength: 5 }),
        format: fc.constantFrom('png' as const, 'jpeg' as const),
        expectedTokens: fc.nat(),
      }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  inputs: fc.dictionary(fc.constantFrom('target_tokens', 'weights', 'advantages', 'own'), tensor),
});

describe('pass requests', () => {
  const request = fc.record({
    modelId: fc.string(),
    seqId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    forwardOnly: fc.boolean(),
    data: fc.array(datum, { maxLength: 3 }),
    loss: fc.record({
      lossFn: fc.constantFrom('ppo', 'cispo'),
      config: fc.option(
        fc.dictionary(
          fc.constantFrom('clip_low_threshold', 'kind'),
          fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()),
          { minKeys: 1 },
        ),
        { nil: undefined },
      ),
    }),
  });

  it('survive both formats', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(plain(decodePassRequest(encodePassRequest(value)))).toEqual(plain(value));
        expect(plain(passRequestJson.parse(JSON.parse(JSON.stringify(passRequestToJson(value)))))).toEqual(
          plain(value),
        );
      }),
    );
  });
});

describe('bytes that are no message', () => {
  it('are an error of the one who sent them', () => {
    const body = Uint8Array.of(0x0a, 0xff);
    expect(() => decodePassOutput(body)).toThrow('2 bytes are no tinker_public.ForwardBackwardOutput');
    expect(() => decodeSampleOutput(body)).toThrow(expect.objectContaining({ code: 'bad-response' }));
    expect(() => decodePassRequest(body)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

describe('results', () => {
  const denseTensor = fc
    .oneof(dense('float32'), dense('int64'))
    .filter(({ shape }) => shape.length > 0 && !shape.slice(1).includes(0));
  const output: fc.Arbitrary<PassOutput> = fc.record({
    outputType: fc.constant('ArrayRecord'),
    outputs: fc.array(fc.dictionary(fc.constantFrom('logprobs', 'elementwise_loss'), denseTensor), {
      maxLength: 4,
    }),
    metrics: fc.dictionary(
      fc.constantFrom('loss:sum', 'x:mean'),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
  });

  it('of passes survive both formats', () => {
    fc.assert(
      fc.property(output, (value) => {
        expect(plain(decodePassOutput(encodePassOutput(value)))).toEqual(plain(value));
        expect(plain(passOutputJson.parse(JSON.parse(JSON.stringify(passOutputToJson(value)))))).toEqual(
          plain(value),
        );
      }),
    );
  });

  const floats = fc.array(float, { maxLength: 5 }).map((values) => Float32Array.from(values));
  const top = fc.array(
    fc.option(fc.array(fc.record({ token, logprob: float }), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
    { minLength: 1, maxLength: 3 },
  );
  const sample: fc.Arbitrary<SampleOutput> = fc.record({
    sequences: fc.array(
      fc.record({
        tokens: fc.array(token, { maxLength: 5 }).map((ids) => Int32Array.from(ids)),
        logprobs: fc.option(floats, { nil: undefined }),
        stopReason: fc.constantFrom('stop' as const, 'length' as const),
        topLogprobs: fc.option(top, { nil: undefined }),
        sequenceId: fc.constant(undefined),
      }),
      { maxLength: 3 },
    ),
    promptLogprobs: fc.option(floats, { nil: undefined }),
    topPromptLogprobs: fc.option(top, { nil: undefined }),
    promptCacheHitTokens: fc.nat(),
  });

  it('of sampling survive both formats', () => {
    fc.assert(
      fc.property(sample, (value) => {
        expect(plain(decodeSampleOutput(encodeSampleOutput(value)))).toEqual(plain(value));
        expect(plain(sampleOutputJson.parse(JSON.parse(JSON.stringify(sampleOutputToJson(value)))))).toEqual(
          plain(value),
        );
      }),
    );
  });

  it('survive compression, which is seen in the body itself', async () => {
    const body = encodePassOutput({ outputType: 'x', outputs: [], metrics: { 'loss:sum': 1 } });
    const compressed = await zstdCompress(body);
    expect([isZstd(compressed), isZstd(body)]).toEqual([true, false]);
    expect(await zstdDecompress(compressed)).toEqual(body);
    await expect(zstdDecompress(await zstdCompress(new Uint8Array(1000)), 100)).rejects.toThrow(
      'Cannot create a Buffer larger than',
    );
  });
});
