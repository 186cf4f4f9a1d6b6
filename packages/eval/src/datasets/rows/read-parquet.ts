import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Row } from './row.ts';

/**
 * The rows of a Parquet file, as the Hugging Face hub stores data sets, one row group in memory at a time.
 * Uncompressed or with Snappy, which is what the hub writes.
 */
export async function* readParquet(file: string): AsyncGenerator<Row> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const values = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd });
    for (const [index, value] of values.entries()) {
      yield { file, unit: 'row', number: rowStart + index + 1, value };
    }
    rowStart = rowEnd;
  }
}
