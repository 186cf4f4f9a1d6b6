import { create } from '@bufbuild/protobuf';
import type { Tensor } from '../data/tensor.ts';
import { TinkerError } from '../errors.ts';
import { float32Bytes, int64Bytes, readBfloat16, readFloat32, readInt32, readInt64 } from './bytes.ts';
import {
  DType,
  SparseCsrSchema,
  TensorSchema,
  type Tensor as TensorMessage,
} from './generated/tinker_public_pb.ts';

/** A tensor as a message. */
export function tensorToMessage({ type, shape, data, sparse }: Tensor): TensorMessage {
  const values = valueBytes(type, data);
  return create(TensorSchema, {
    dtype: dtypeOf(type),
    shape: shape.map(BigInt),
    encoding: sparse
      ? {
          case: 'sparseCsr',
          value: create(SparseCsrSchema, {
            values,
            crowIndices: int64Bytes(sparse.rowStarts),
            colIndices: int64Bytes(sparse.columns),
          }),
        }
      : { case: 'dense', value: values },
  });
}

/** The inverse of `tensorToMessage`. Types that only servers write are widened. */
export function tensorFromMessage({ dtype, shape, encoding }: TensorMessage): Tensor {
  const base = { type: typeOf(dtype), shape: shape.map(Number) };
  switch (encoding.case) {
    case 'dense':
      return { ...base, data: readValues(dtype, encoding.value) };
    case 'sparseCsr': {
      const { values, crowIndices, colIndices } = encoding.value;
      const sparse = { rowStarts: readInt64(crowIndices), columns: readInt64(colIndices) };
      return { ...base, data: readValues(dtype, values), sparse };
    }
    case undefined:
      // Bytes of length 0 may be left out.
      return { ...base, data: readValues(dtype, new Uint8Array()) };
    default:
      return encoding satisfies never;
  }
}

/** The protocol's name of a type of numbers. */
export const dtypeOf = (type: Tensor['type']): DType =>
  type === 'float32' ? DType.DTYPE_FLOAT32 : DType.DTYPE_INT64;

/** The type in which values of `dtype` are held here. */
export function typeOf(dtype: number): Tensor['type'] {
  if (dtype === DType.DTYPE_FLOAT32 || dtype === DType.DTYPE_BFLOAT16) return 'float32';
  if (dtype === DType.DTYPE_INT64 || dtype === DType.DTYPE_INT32) return 'int64';
  throw new TinkerError(
    'bad-response',
    `A tensor has type ${dtype}, which this client does not know; update it`,
  );
}

/** Values as bytes. */
export const valueBytes = (type: Tensor['type'], values: ArrayLike<number>): Uint8Array =>
  type === 'float32' ? float32Bytes(values) : int64Bytes(values);

/** Bytes as values. */
export function readValues(dtype: number, bytes: Uint8Array): Float32Array | number[] {
  if (dtype === DType.DTYPE_FLOAT32) return readFloat32(bytes);
  if (dtype === DType.DTYPE_BFLOAT16) return readBfloat16(bytes);
  if (dtype === DType.DTYPE_INT32) return Array.from(readInt32(bytes));
  return readInt64(bytes);
}

/** How many bytes a value takes. */
export function bytesPerValue(dtype: number): number {
  if (dtype === DType.DTYPE_INT64) return 8;
  return dtype === DType.DTYPE_BFLOAT16 ? 2 : 4;
}
