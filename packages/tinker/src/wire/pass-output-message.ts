import { create, toBinary } from '@bufbuild/protobuf';
import { sizeOf, type Tensor } from '../data/tensor.ts';
import { TinkerError } from '../errors.ts';
import type { PassOutput } from '../model/pass-output.ts';
import { int64Bytes, readInt64 } from './bytes.ts';
import {
  ArrayRecordSchema,
  BatchedTensorSchema,
  ForwardBackwardOutputSchema,
  type ArrayRecord,
  type BatchedTensor,
} from './generated/tinker_public_pb.ts';
import { readMessage } from './read-message.ts';
import { bytesPerValue, dtypeOf, readValues, typeOf, valueBytes } from './tensor-message.ts';

type Fields = Readonly<Record<string, Tensor>>;

/** The protobuf form of a pass's result, for servers: one record for each datum, as shapes may differ. */
export function encodePassOutput({ outputType, outputs, metrics }: PassOutput): Uint8Array {
  return toBinary(
    ForwardBackwardOutputSchema,
    create(ForwardBackwardOutputSchema, {
      lossFnOutputType: outputType,
      metrics: { ...metrics },
      lossFnOutputs: outputs.map(recordOf),
    }),
  );
}

/** The inverse of `encodePassOutput`. Records may hold any number of datums. */
export function decodePassOutput(body: Uint8Array): PassOutput {
  const message = readMessage(ForwardBackwardOutputSchema, body);
  return {
    // Servers write the class with its module, `module:Class`.
    outputType: message.lossFnOutputType.split(':').at(-1) || 'ArrayRecord',
    outputs: message.lossFnOutputs.flatMap(datumsOf),
    metrics: message.metrics,
  };
}

function recordOf(output: Fields): ArrayRecord {
  const record = create(ArrayRecordSchema, { numDatums: 1n });
  for (const [name, { type, shape, data }] of Object.entries(output)) {
    const bytes = valueBytes(type, data);
    record.fields[name] = create(BatchedTensorSchema, {
      data: bytes,
      offsets: int64Bytes([0, bytes.byteLength]),
      dtype: dtypeOf(type),
      trailingShape: shape.slice(1).map(BigInt),
    });
  }
  return record;
}

function datumsOf({ fields, numDatums }: ArrayRecord): Fields[] {
  const columns = Object.entries(fields).map(([name, batch]) => [name, tensorsOf(batch)] as const);
  // Servers that predate the count leave it 0.
  const count = Number(numDatums) || (columns[0]?.[1].length ?? 0);
  const uneven = columns.find(([, tensors]) => tensors.length !== count);
  if (uneven)
    throw new TinkerError(
      'bad-response',
      `A result has ${uneven[1].length} entries of ${uneven[0]} for ${count} datums`,
    );
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(columns.map(([name, tensors]) => [name, tensors[index]!])),
  );
}

/** Cuts the values of a batch at the offsets: the first dimension of each is what is left to divide. */
function tensorsOf({ data, offsets, dtype, trailingShape }: BatchedTensor): Tensor[] {
  const type = typeOf(dtype);
  const values = readValues(dtype, data);
  const starts = readInt64(offsets).map((byte) => byte / bytesPerValue(dtype));
  const trailing = trailingShape.map(Number);
  return starts.slice(1).map((end, index) => {
    const part = values.slice(starts[index], end);
    return { type, shape: [part.length / (sizeOf(trailing) || 1), ...trailing], data: part };
  });
}
