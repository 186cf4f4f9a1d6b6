import { TinkerError } from '../errors.ts';

/** The number types of the API's tensors. Integers are exact up to 2^53. */
export type TensorType = 'float32' | 'int64';

/** Rows of which most entries are the same: those that differ, in compressed sparse row form. */
export interface SparseRows {
  /** Where each row starts in `data`; one more entry than there are rows. */
  readonly rowStarts: ArrayLike<number>;
  /** The column of each entry of `data`. */
  readonly columns: ArrayLike<number>;
}

/** An array of numbers with a shape, in row-major order. */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** All entries, or those that `sparse` places. */
  readonly data: ArrayLike<number>;
  readonly sparse?: SparseRows;
}

/** A tensor of 32-bit floats; one dimension unless a shape is given. Throws on what is not finite. */
export const floats = (data: ArrayLike<number>, shape: readonly number[] = [data.length]): Tensor =>
  checkTensor({ type: 'float32', shape, data }, 'floats');

/** A tensor of integers; one dimension unless a shape is given. Throws on what is no safe integer. */
export const integers = (data: ArrayLike<number>, shape: readonly number[] = [data.length]): Tensor =>
  checkTensor({ type: 'int64', shape, data }, 'integers');

/** How many entries a dense tensor of this shape has; 1 for `[]`. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

const isLength = (length: number): boolean => Number.isSafeInteger(length) && length >= 0;

/** Throws `bad-input` if the tensor cannot be sent; `name` says which it is. Returns it. */
export function checkTensor(tensor: Tensor, name: string): Tensor {
  const { type, shape, data, sparse } = tensor;
  const refuse = (what: string) => new TinkerError('bad-input', `Tensor ${name}: ${what}`);
  if (!shape.every(isLength))
    throw refuse(`the shape [${shape.join(', ')}] has a length that is no whole number`);
  if (sparse) {
    if (shape.length !== 2) throw refuse(`sparse rows need two dimensions, got [${shape.join(', ')}]`);
    const { rowStarts, columns } = sparse;
    if (
      columns.length !== data.length ||
      rowStarts.length !== (shape[0] ?? 0) + 1 ||
      rowStarts[rowStarts.length - 1] !== data.length
    )
      throw refuse(
        `${rowStarts.length} row starts and ${columns.length} columns do not place ${data.length} entries in [${shape.join(', ')}]`,
      );
  } else if (sizeOf(shape) !== data.length) {
    throw refuse(`${data.length} entries do not fill the shape [${shape.join(', ')}]`);
  }
  const isEntry = type === 'int64' ? Number.isSafeInteger : Number.isFinite;
  for (let index = 0; index < data.length; index++) {
    if (!isEntry(data[index]))
      throw refuse(
        `entry ${index} is ${data[index]}, not ${type === 'int64' ? 'a safe integer' : 'a finite number'}`,
      );
  }
  return tensor;
}
