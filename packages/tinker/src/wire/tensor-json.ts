import { z } from 'zod';
import type { Tensor } from '../data/tensor.ts';

/** A tensor in JSON. Values that JSON cannot write (NaN, infinities) arrive as null and are read as NaN. */
export const tensorJson = z
  .object({
    data: z.array(z.number().nullable()),
    dtype: z.enum(['float32', 'int64']).default('float32'),
    shape: z.array(z.number().int()).nullish(),
    sparse_crow_indices: z.array(z.number().int()).nullish(),
    sparse_col_indices: z.array(z.number().int()).nullish(),
  })
  .transform(
    ({ data, dtype, shape, sparse_crow_indices: rowStarts, sparse_col_indices: columns }): Tensor => {
      const values = data.map((value) => value ?? Number.NaN);
      return {
        type: dtype,
        shape: shape ?? [values.length],
        data: dtype === 'float32' ? Float32Array.from(values) : values,
        ...(rowStarts && columns && { sparse: { rowStarts, columns } }),
      };
    },
  );

/** The inverse of reading `tensorJson`. */
export function tensorToJson({ type, shape, data, sparse }: Tensor) {
  return {
    data: Array.from(type === 'float32' ? Float32Array.from(data) : data, (value) =>
      Number.isFinite(value) ? value : null,
    ),
    dtype: type,
    shape: [...shape],
    ...(sparse && {
      sparse_crow_indices: Array.from(sparse.rowStarts),
      sparse_col_indices: Array.from(sparse.columns),
    }),
  };
}
