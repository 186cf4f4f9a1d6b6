/** What a model replies with for a section: records, each with the words of the text that state its fields. */
import { MemagentError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { JsonSchema } from '../structured/json-schema.ts';
import { objectSchema, wrapSchema } from '../structured/wrap-schema.ts';

/**
 * The fields of a record, in the order of the schema. Throws `invalid-option` for a schema whose values are not
 * objects with named properties.
 */
export function fieldsOf(schema: JsonSchema): string[] {
  const properties = resolveRoot(schema)['properties'];
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  if (names.length > 0 && !Array.isArray(properties)) return names;
  throw new MemagentError(
    'Option schema must describe one record: an object with named properties. For a list, give the schema of its items.',
    { code: 'invalid-option', data: { option: 'schema' } },
  );
}

/** A schema may be a reference to one of its definitions. */
function resolveRoot(schema: JsonSchema): JsonSchema {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  const definitions = (schema['$defs'] ?? schema['definitions']) as
    | { [name: string]: JsonSchema }
    | undefined;
  return (name === undefined ? undefined : definitions?.[name]) ?? schema;
}

/** `{ "records": [{ "record": …, "quotes": { field: "…" } }] }`. */
export function recordsReplySchema(schema: JsonSchema, fields: readonly string[]): JsonSchema {
  const quotes = objectSchema(Object.fromEntries(fields.map((field) => [field, { type: 'string' }])));
  return wrapSchema(
    schema,
    (inner) => objectSchema({ records: { type: 'array', items: objectSchema({ record: inner, quotes }) } }),
    '#/properties/records/items/properties/record',
  );
}

/** An entry of a reply, before its record is checked. */
export interface ReplyEntry {
  record: Json;
  quotes: { readonly [field: string]: string };
}

/** The entries of a reply; undefined for another kind of JSON. Records without quotes, or in a bare list, will do. */
export function entriesOf(reply: Json): ReplyEntry[] | undefined {
  const list = isObject(reply) ? reply['records'] : reply;
  if (!Array.isArray(list)) return undefined;
  return list.map((entry) => {
    if (!isObject(entry) || !isObject(entry['record'])) return { record: entry, quotes: {} };
    const { record, quotes } = entry;
    const given = isObject(quotes) ? Object.entries(quotes) : [];
    const texts = given.filter((quote): quote is [string, string] => typeof quote[1] === 'string');
    return { record, quotes: Object.fromEntries(texts) };
  });
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
