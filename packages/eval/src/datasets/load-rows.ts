/**
 * From rows to items: a row that does not fit is handed to `onSkipped` and the next one is read; only if not one
 * row gave an item is that an error, which shows what was received beside what was expected.
 */
import { basename } from 'node:path';
import { MemagentError } from '@memagent/core';
import type { z } from 'zod';
import type { EvalItem } from '../item.ts';
import type { LoadOptions, SkippedRow } from './data-set.ts';
import { describeMismatch } from './describe-mismatch.ts';
import { positionOf, type Row } from './rows/row.ts';

/** What a row, or one question of it, gives instead of an item. */
export type Skip = Pick<SkippedRow, 'kind' | 'reason'>;

/** How a data set understands its rows. */
export interface RowFormat<Shape extends z.ZodObject> {
  dataSet: string;
  /** The fields that are used; others may be there. */
  schema: Shape;
  toItems: (value: z.output<Shape>, row: Row) => Iterable<EvalItem | Skip> | AsyncIterable<EvalItem | Skip>;
}

export async function* loadRows<Shape extends z.ZodObject>(
  rows: AsyncIterable<Row>,
  format: RowFormat<Shape>,
  { onSkipped }: LoadOptions,
): AsyncGenerator<EvalItem> {
  let first: SkippedRow | undefined;
  let skippedCount = 0;
  let itemCount = 0;
  for await (const row of rows) {
    for await (const outcome of outcomesOf(row, format)) {
      if ('id' in outcome) {
        itemCount += 1;
        yield outcome;
      } else {
        const skipped = { ...outcome, file: row.file, position: positionOf(row) };
        first ??= skipped;
        skippedCount += 1;
        onSkipped(skipped);
      }
    }
  }
  if (itemCount === 0) throw nothingLoaded(format.dataSet, first, skippedCount);
}

async function* outcomesOf<Shape extends z.ZodObject>(
  row: Row,
  { schema, toItems }: RowFormat<Shape>,
): AsyncGenerator<EvalItem | Skip> {
  if (row.problem !== undefined) return yield { kind: 'bad', reason: row.problem };
  const parsed = schema.safeParse(row.value);
  if (parsed.success) return yield* toItems(parsed.data, row);
  yield { kind: 'bad', reason: describeMismatch(row.value, schema, parsed.error) };
}

function nothingLoaded(dataSet: string, first: SkippedRow | undefined, count: number): MemagentError {
  if (!first) {
    return new MemagentError(
      `Data set ${dataSet}: the files hold no rows. Check that they were downloaded whole.`,
      { code: 'source-empty', data: { dataSet } },
    );
  }
  const { file, position, reason } = first;
  return new MemagentError(
    `Data set ${dataSet}: none of ${count} rows can be used. ${basename(file)}, ${position}: ${reason}. Check that these are the files of ${dataSet}: memagent data list says which.`,
    { code: 'source-unreadable', data: { dataSet, ...first } },
  );
}
