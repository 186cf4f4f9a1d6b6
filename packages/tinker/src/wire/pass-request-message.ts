import { create, toBinary } from '@bufbuild/protobuf';
import type { Datum } from '../data/datum.ts';
import type { ModelInput } from '../data/model-input.ts';
import type { WireLoss } from '../model/loss.ts';
import { TinkerError } from '../errors.ts';
import { int32Bytes, readInt32 } from './bytes.ts';
import {
  ChunkSchema,
  DatumSchema,
  EncodedTextChunkSchema,
  ForwardBackwardRequestSchema,
  ImageChunkSchema,
  LossConfigValueSchema,
  type Chunk,
  type Datum as DatumMessage,
  type ForwardBackwardRequest,
} from './generated/tinker_public_pb.ts';
import { readMessage } from './read-message.ts';
import type { PassRequest } from './pass-request.ts';
import { tensorFromMessage, tensorToMessage } from './tensor-message.ts';

/** The protobuf body of `forward_backward`. Numbers of the loss are written twice: old servers read the first map. */
export function encodePassRequest({ modelId, seqId, data, loss, forwardOnly }: PassRequest): Uint8Array {
  const config = Object.entries(loss.config ?? {});
  return toBinary(
    ForwardBackwardRequestSchema,
    create(ForwardBackwardRequestSchema, {
      modelId,
      seqId,
      forwardOnly,
      lossFn: loss.lossFn,
      lossFnConfig: Object.fromEntries(
        config.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      ),
      lossFnConfigV2: Object.fromEntries(config.map(([name, value]) => [name, configValue(value)])),
      data: data.map(datumToMessage),
    }),
  );
}

/** The inverse of `encodePassRequest`, for servers. */
export function decodePassRequest(body: Uint8Array): PassRequest {
  const message = readMessage(ForwardBackwardRequestSchema, body, 'bad-input');
  return {
    modelId: message.modelId,
    seqId: message.seqId,
    forwardOnly: message.forwardOnly,
    loss: lossFromMessage(message),
    data: message.data.map(datumFromMessage),
  };
}

const configValue = (value: number | string) =>
  create(LossConfigValueSchema, {
    value: typeof value === 'number' ? { case: 'number', value } : { case: 'text', value },
  });

function lossFromMessage({ lossFn, lossFnConfig, lossFnConfigV2 }: ForwardBackwardRequest): WireLoss {
  const config: Record<string, number | string> = { ...lossFnConfig };
  for (const [name, { value }] of Object.entries(lossFnConfigV2)) if (value.case) config[name] = value.value;
  return { lossFn, config: Object.keys(config).length > 0 ? config : undefined };
}

function datumToMessage({ modelInput, inputs }: Datum): DatumMessage {
  const message = create(DatumSchema, { modelInput: modelInput.map(chunkToMessage) });
  for (const [name, tensor] of Object.entries(inputs))
    if (tensor) message.lossFnInputs[name] = tensorToMessage(tensor);
  return message;
}

function datumFromMessage({ modelInput, lossFnInputs }: DatumMessage): Datum {
  const inputs = Object.entries(lossFnInputs).map(([name, tensor]) => [name, tensorFromMessage(tensor)]);
  return { modelInput: modelInput.map(chunkFromMessage), inputs: Object.fromEntries(inputs) };
}

function chunkToMessage(chunk: ModelInput[number]): Chunk {
  if (chunk.type === 'text')
    return create(ChunkSchema, {
      chunk: {
        case: 'encodedText',
        value: create(EncodedTextChunkSchema, { tokens: int32Bytes(chunk.tokens) }),
      },
    });
  const { data, format, expectedTokens } = chunk;
  const image = create(ImageChunkSchema, {
    data,
    format,
    ...(expectedTokens !== undefined && { expectedTokens }),
  });
  return create(ChunkSchema, { chunk: { case: 'image', value: image } });
}

function chunkFromMessage({ chunk }: Chunk): ModelInput[number] {
  if (chunk.case === 'encodedText') return { type: 'text', tokens: readInt32(chunk.value.tokens) };
  if (chunk.case === 'image' && (chunk.value.format === 'png' || chunk.value.format === 'jpeg')) {
    const { data, format, expectedTokens } = chunk.value;
    return { type: 'image', data, format, ...(expectedTokens !== undefined && { expectedTokens }) };
  }
  throw new TinkerError('bad-input', `Chunks of kind ${chunk.case} are not read here; send text or an image`);
}
