/**
 * Records as the test server finds them, by rule: a field is a line, or a part of one up to a semicolon, that begins
 * with its name and a colon (`Name: Ada Holm; year: 1874`), or what its `pattern` matches in a line. A record ends
 * before a field that it has already, and before a line without fields.
 */
import { removeMarks } from '../citation/marked-sentences.ts';
import { isObject, type ReplyEntry } from '../extract/record-schema.ts';
import type { RecordFields } from '../extract/records.ts';
import type { Json } from '../json.ts';
import type { JsonSchema } from '../structured/json-schema.ts';

/** A field that was found, and where its value ends in the text. */
interface FoundField {
  field: string;
  value: string;
  end: number;
}

/** The records that end in `section`; one that the end of it may have cut off is left out. */
export function recordsByRule(schema: JsonSchema, before: string, section: string): ReplyEntry[] {
  const text = before + section;
  const properties = propertiesOf(schema);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const entries: ReplyEntry[] = [];
  let open = new Map<string, FoundField>();

  function close(): void {
    const found = [...open.values()];
    open = new Map();
    const isWhole = found.length > 0 && required.every((field) => found.some((one) => one.field === field));
    if (!isWhole || Math.max(...found.map(({ end }) => end)) <= before.length) return;
    const record = Object.fromEntries(
      found.map(({ field, value }) => [field, readValue(value, properties[field])]),
    );
    entries.push({ record, quotes: Object.fromEntries(found.map(({ field, value }) => [field, value])) });
  }

  for (const line of text.matchAll(/([^\n]*)\n/g)) {
    const found = fieldsIn(line[1] ?? '', line.index, properties);
    if (found.length === 0) close();
    for (const one of found) {
      if (open.has(one.field)) close();
      open.set(one.field, one);
    }
  }
  close();
  return entries;
}

function propertiesOf(schema: JsonSchema): { [field: string]: JsonSchema } {
  return (schema['properties'] ?? {}) as { [field: string]: JsonSchema };
}

function fieldsIn(line: string, at: number, properties: { [field: string]: JsonSchema }): FoundField[] {
  const found: FoundField[] = [];
  for (const part of line.matchAll(/[^;]+/g)) {
    const [, label = '', value = ''] = /^\s*([\w ]{1,40}?)\s*:\s*(.+?)\s*$/.exec(part[0]) ?? [];
    const field = Object.keys(properties).find((name) => name.toLowerCase() === label.toLowerCase());
    if (field !== undefined) found.push({ field, value, end: at + part.index + part[0].length });
  }
  if (found.length > 0) return found;
  return Object.entries(properties).flatMap(([field, { pattern }]) => {
    // A pattern is that of a whole value, which may stand anywhere in the line.
    const match =
      typeof pattern === 'string' ? new RegExp(pattern.replaceAll(/^\^|\$$/g, ''), 'u').exec(line) : null;
    return match ? [{ field, value: match[0], end: at + match.index + match[0].length }] : [];
  });
}

/** A value as its schema has it; one that does not fit stays a text, which the client refuses. */
function readValue(text: string, schema: JsonSchema = {}): Json {
  const alternatives = Array.isArray(schema['anyOf']) ? schema['anyOf'].map(typeOf) : [];
  const types = new Set([schema['type'], ...alternatives].flat());
  if (types.has('array')) {
    return text.split(',').map((item) => readValue(item.trim(), schema['items'] as JsonSchema));
  }
  const isNumber = types.has('number') || types.has('integer');
  const number = Number(text.replaceAll(',', ''));
  if (isNumber && !Number.isNaN(number)) return number;
  if (types.has('boolean') && /^(?:true|false)$/.test(text)) return text === 'true';
  return text;
}

function typeOf(schema: Json): Json | undefined {
  return isObject(schema) ? schema['type'] : undefined;
}

/** An answer by rule: the first record of `answer`, given without a schema, or of the memory; else `answer` in each field. */
export function answerByRule(
  schema: JsonSchema,
  memory: string,
  answer: string | undefined,
): Json | undefined {
  for (const text of [answer ?? '', memory]) {
    // A mark ends a statement.
    const lines = text.replaceAll(/ ?\[\d+\]/g, '\n');
    const record = recordsByRule(schema, '', `${lines}\n`)[0]?.record;
    if (record !== undefined) return record;
  }
  if (answer === undefined) return undefined;
  const prose = removeMarks(answer).trim();
  const number = /\d[\d,]*(?:\.\d+)?/.exec(prose)?.[0] ?? '';
  const fill = (part: JsonSchema): Json => {
    const isNumber = part['type'] === 'number' || part['type'] === 'integer';
    return isNumber ? readValue(number, part) : readValue(prose, part);
  };
  const properties = Object.entries(propertiesOf(schema));
  if (properties.length === 0) return fill(schema);
  const fields: RecordFields = Object.fromEntries(properties.map(([field, part]) => [field, fill(part)]));
  return fields;
}
