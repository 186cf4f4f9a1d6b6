/**
 * What a training pass costs this machine on its way to a Tinker server: bytes, and CPU time to write them and to
 * read the result, in each format. Conversations of 6,000 tokens, 500 of them sampled, as of one section; medians of
 * interleaved rounds. The tokens are drawn evenly from a vocabulary, which compresses worse than a language.
 *
 *   node --conditions=@memagent/source bench/tinker-wire.ts [rounds]
 */
import { createRandom } from '@memagent/eval';
import { floats, policyDatum, type PassOutput } from '@memagent/tinker';
import {
  decodePassOutput,
  encodePassOutput,
  encodePassRequest,
  passOutputJson,
  passOutputToJson,
  passRequestToJson,
  zstdCompress,
} from '@memagent/tinker/wire';
import { median } from './median.ts';

const rounds = Number(process.argv[2] ?? 7);
const conversations = 32;
const tokens = 6000;
const sampled = 500;
const vocabulary = 151_936;

const random = createRandom('tinker-wire');
const list = (length: number, value: () => number): number[] => Array.from({ length }, value);
const zeros = list(tokens - sampled, () => 0);
const data = Array.from({ length: conversations }, () =>
  policyDatum(
    list(tokens, () => random.between(0, vocabulary - 1)),
    [...zeros, ...list(sampled, () => Math.log(random.fraction() + 1e-9))],
    [...zeros, ...list(sampled, () => 0.5)],
  ),
);
const request = {
  modelId: 'model',
  seqId: 1,
  data,
  loss: { lossFn: 'ppo', config: { clip_low_threshold: 0.8, clip_high_threshold: 1.28 } },
  forwardOnly: false,
};
const output: PassOutput = {
  outputType: 'ArrayRecord',
  outputs: data.map(() => ({ logprobs: floats(list(tokens - 1, () => Math.log(random.fraction() + 1e-9))) })),
  metrics: { 'loss:sum': 1 },
};
const binaryOutput = encodePassOutput(output);
const jsonOutput = JSON.stringify(passOutputToJson(output));

const works = {
  'protobuf, written': () => encodePassRequest(request).byteLength,
  'protobuf and zstd, written': async () => (await zstdCompress(encodePassRequest(request))).byteLength,
  'JSON, written': () => Buffer.byteLength(JSON.stringify(passRequestToJson(request))),
  'protobuf, read': () => (decodePassOutput(binaryOutput), binaryOutput.byteLength),
  'JSON, read': () => (passOutputJson.parse(JSON.parse(jsonOutput)), Buffer.byteLength(jsonOutput)),
};

const seen = new Map<string, { times: number[]; bytes: number }>();
for (let round = -1; round < rounds; round++) {
  for (const [name, work] of Object.entries(works)) {
    const before = process.cpuUsage();
    const bytes = await work();
    const { user, system } = process.cpuUsage(before);
    const { times } = seen.get(name) ?? { times: [] as number[] };
    // The first round warms up.
    if (round >= 0) times.push((user + system) / 1000);
    seen.set(name, { times, bytes });
  }
}

console.log(`Node ${process.version}, ${rounds} rounds, ${conversations} conversations of ${tokens} tokens`);
console.table(
  Object.fromEntries(
    [...seen].map(([name, { times, bytes }]) => [
      name,
      { MB: Number((bytes / 1e6).toFixed(2)), 'CPU ms': Math.round(median(times)) },
    ]),
  ),
);
