/** Results of requests in the two formats of the Tinker API. */
import { floats, type PassOutput, type SampleOutput } from '@memagent/tinker';
import {
  encodePassOutput,
  encodeSampleOutput,
  passOutputToJson,
  sampleOutputToJson,
} from '@memagent/tinker/wire';
import type { ServiceResult } from './tinker-service.ts';

/** The JSON form. */
export function resultToJson(result: ServiceResult): Readonly<Record<string, unknown>> {
  switch (result.kind) {
    case 'json':
      return result.body;
    case 'pass':
      return { ...passOutputToJson(toPassOutput(result)), type: 'forward_backward' };
    case 'sample':
      return { ...sampleOutputToJson(toSampleOutput(result)), type: 'sample' };
    default:
      return result satisfies never;
  }
}

/** The protobuf form; undefined for results that travel as JSON alone. */
export function resultToProtobuf(result: ServiceResult): Uint8Array<ArrayBuffer> | undefined {
  switch (result.kind) {
    case 'json':
      return undefined;
    case 'pass':
      return Uint8Array.from(encodePassOutput(toPassOutput(result)));
    case 'sample':
      return Uint8Array.from(encodeSampleOutput(toSampleOutput(result)));
    default:
      return result satisfies never;
  }
}

function toPassOutput({ logprobs, metrics }: ServiceResult & { kind: 'pass' }): PassOutput {
  return {
    outputType: 'ArrayRecord',
    outputs: logprobs.map((values) => ({ logprobs: floats(values) })),
    metrics,
  };
}

function toSampleOutput({ sequences, promptLogprobs }: ServiceResult & { kind: 'sample' }): SampleOutput {
  return {
    sequences: sequences.map(({ actions, logprobs, finish }) => ({
      tokens: Int32Array.from(actions),
      logprobs: Float32Array.from(logprobs),
      stopReason: finish === 'end' ? 'stop' : 'length',
      topLogprobs: undefined,
      sequenceId: undefined,
    })),
    promptLogprobs: promptLogprobs && Float32Array.from(promptLogprobs, (logprob) => logprob ?? Number.NaN),
    topPromptLogprobs: undefined,
    promptCacheHitTokens: 0,
  };
}
