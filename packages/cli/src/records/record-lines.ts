/** Records as text: a line of JSON each, or a table of values with commas between them (RFC 4180). */
import type { ExtractedRecord, Json, RecordFields } from '@memagent/core';

export type RecordFormat = 'jsonl' | 'csv';

/** The lines of a file of records, with their line ends. `fields` are the columns. */
export async function* recordLines(
  records: AsyncIterable<ExtractedRecord<RecordFields>>,
  format: RecordFormat,
  fields: readonly string[],
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine([...fields, ...columns]);
  for await (const record of records) {
    yield format === 'csv' ? csvRecord(record, fields) : `${JSON.stringify(record)}\n`;
  }
}

/** What a table says of a record beside its fields. */
const columns = ['_conflicts', '_unsupported', '_mentions', '_source', '_start', '_end'];

function csvRecord(
  { record, fields, conflicts, unsupported, mentions }: ExtractedRecord<RecordFields>,
  names: readonly string[],
): string {
  const citation = Object.values(fields)
    .flatMap(([best]) => best?.citations ?? [])
    .find(({ supported }) => supported);
  return csvLine([
    ...names.map((name) => cell(record[name] ?? null)),
    conflicts
      .map((name) => `${name}: ${(fields[name] ?? []).map(({ value }) => cell(value)).join(' | ')}`)
      .join('; '),
    unsupported.join('; '),
    String(mentions),
    ...(citation ? [citation.source, String(citation.start), String(citation.end)] : ['', '', '']),
  ]);
}

function cell(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
