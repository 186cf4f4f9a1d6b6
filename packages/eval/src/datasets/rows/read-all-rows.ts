import { listFiles } from './list-files.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './row.ts';

/** The rows of all files, one file after the other. See `readRows` for `arrayAt`. */
export async function* readAllRows(paths: readonly string[], arrayAt?: string): AsyncGenerator<Row> {
  for (const file of await listFiles(paths)) yield* readRows(file, arrayAt);
}
