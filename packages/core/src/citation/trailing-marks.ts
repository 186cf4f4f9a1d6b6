/** Section marks at the end of a text value: `Ada Holm [3]`. What has no space before it, as in `list[3]`, is none. */
import type { Json } from '../json.ts';

const trailing = /(?:\s+\[\d{1,7}(?:\s?[-–,;]\s?\d{1,7})*\])+(?=\.?$)/;

/** A value without the marks that its texts end in. */
export function removeTrailingMarks(value: Json): Json {
  if (typeof value === 'string') return value.replace(trailing, '');
  if (Array.isArray(value)) return value.map(removeTrailingMarks);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, removeTrailingMarks(item)]));
}
