import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { passThrough } from './read-text.ts';
import type { Row } from './row.ts';

/** The records of a CSV file with a header line, as objects of strings. A record's number is its last line. */
export async function* readCsv(file: string, text: AsyncIterable<string>): AsyncGenerator<Row> {
  const records = passThrough(
    Readable.from(text),
    parse({ columns: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  );
  for await (const { record, info } of records as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>) {
    yield { file, unit: 'line', number: info.lines, value: record };
  }
}
