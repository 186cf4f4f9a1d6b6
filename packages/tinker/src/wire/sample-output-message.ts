import { create, toBinary } from '@bufbuild/protobuf';
import { TinkerError } from '../errors.ts';
import type { SampledSequence, SampleOutput, TopTokens } from '../sampling/sampler.ts';
import { float32Bytes, int32Bytes, readFloat32, readInt32 } from './bytes.ts';
import {
  SampledSequenceSchema,
  SampleResponseSchema,
  StopReason,
  TopkLogprobsSchema,
  type SampledSequence as SequenceMessage,
  type TopkLogprobs,
} from './generated/tinker_public_pb.ts';
import { readMessage } from './read-message.ts';

const noToken = { token: 0, logprob: -99_999 };

/** The protobuf form of a sampling result, for servers. */
export function encodeSampleOutput(output: SampleOutput): Uint8Array {
  const { sequences, promptLogprobs, topPromptLogprobs, promptCacheHitTokens } = output;
  return toBinary(
    SampleResponseSchema,
    create(SampleResponseSchema, {
      sequences: sequences.map(sequenceToMessage),
      promptCacheHitTokens,
      ...(promptLogprobs && { promptLogprobs: float32Bytes(promptLogprobs) }),
      ...(topPromptLogprobs && { topkPromptLogprobs: topToMessage(topPromptLogprobs) }),
    }),
  );
}

/** The inverse of `encodeSampleOutput`; the format has no names of sequences. */
export function decodeSampleOutput(body: Uint8Array): SampleOutput {
  const message = readMessage(SampleResponseSchema, body);
  return {
    sequences: message.sequences.map(sequenceFromMessage),
    promptLogprobs: message.promptLogprobs && readFloat32(message.promptLogprobs),
    topPromptLogprobs: message.topkPromptLogprobs && topFromMessage(message.topkPromptLogprobs),
    promptCacheHitTokens: message.promptCacheHitTokens,
  };
}

const sequenceToMessage = ({ tokens, logprobs, stopReason, topLogprobs }: SampledSequence) =>
  create(SampledSequenceSchema, {
    stopReason: stopReason === 'stop' ? StopReason.STOP : StopReason.LENGTH,
    tokens: int32Bytes(tokens),
    ...(logprobs && { logprobs: float32Bytes(logprobs) }),
    ...(topLogprobs && { topkSampledLogprobs: topToMessage(topLogprobs) }),
  });

function sequenceFromMessage({
  tokens,
  logprobs,
  stopReason,
  topkSampledLogprobs: top,
}: SequenceMessage): SampledSequence {
  if (stopReason !== StopReason.STOP && stopReason !== StopReason.LENGTH)
    throw new TinkerError(
      'bad-response',
      `A sequence stopped for reason ${stopReason}, which this client does not know; update it`,
    );
  return {
    tokens: readInt32(tokens),
    logprobs: logprobs && readFloat32(logprobs),
    stopReason: stopReason === StopReason.STOP ? 'stop' : 'length',
    topLogprobs: top && topFromMessage(top),
    sequenceId: undefined,
  };
}

/** Rows of different lengths in one matrix, filled with what is no token. */
function topToMessage(rows: readonly (TopTokens | undefined)[]): TopkLogprobs {
  const k = Math.max(1, ...rows.map((row) => row?.length ?? 0));
  const cells = rows.flatMap((row) => Array.from({ length: k }, (_, index) => row?.[index] ?? noToken));
  return create(TopkLogprobsSchema, {
    k,
    length: rows.length,
    tokenIds: int32Bytes(cells.map(({ token }) => token)),
    logprobs: float32Bytes(cells.map(({ logprob }) => logprob)),
  });
}

function topFromMessage({ k, length, tokenIds, logprobs }: TopkLogprobs): (TopTokens | undefined)[] {
  const ids = readInt32(tokenIds);
  const values = readFloat32(logprobs);
  if (ids.length !== k * length || values.length !== k * length)
    throw new TinkerError(
      'bad-response',
      `${ids.length} tokens and ${values.length} log-probabilities do not fill ${length} rows of ${k}`,
    );
  return Array.from({ length }, (_, row) => {
    const found = Array.from({ length: k }, (__, column) => ({
      token: ids[row * k + column]!,
      logprob: values[row * k + column]!,
    })).filter(({ logprob }) => logprob !== noToken.logprob);
    return found.length > 0 ? found : undefined;
  });
}
