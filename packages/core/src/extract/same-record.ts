/** Whether two mentions are of one record, judged by all their fields. */
import type { Json } from '../json.ts';
import { isAbsent, normalizeValue } from './normalize-value.ts';
import type { RecordFields } from './records.ts';

/** Texts that are less alike than this are different values, however alike the other fields are. */
const leastAlike = 0.7;

/**
 * A mention is of a known record if all fields that both have are alike, by `similarity` on average, and if these
 * are more than half of the fields that either has, or stand in the very same places (`isSeenAgain`): then it is the
 * same statement, cut off the first time. Of each field of the known record there may be several values.
 */
export function isSameRecord(
  mention: RecordFields,
  known: { readonly [field: string]: readonly { value: Json }[] },
  similarity: number,
  isSeenAgain = false,
): boolean {
  const present = new Set([
    ...Object.keys(mention).filter((field) => !isAbsent(mention[field])),
    ...Object.keys(known).filter((field) => (known[field] ?? []).length > 0),
  ]);
  let shared = 0;
  let sum = 0;
  for (const field of present) {
    const value = mention[field];
    const values = known[field] ?? [];
    if (value === undefined || isAbsent(value) || values.length === 0) continue;
    const alike = Math.max(...values.map((other) => compareValues(value, other.value)));
    if (alike < leastAlike) return false;
    shared += 1;
    sum += alike;
  }
  return (isSeenAgain ? shared > 0 : shared * 2 > present.size) && sum >= similarity * shared;
}

/** From 0, different, to 1, the same. Only texts without different numbers in them can be somewhat alike. */
export function compareValues(a: Json, b: Json): number {
  const first = normalizeValue(a);
  const second = normalizeValue(b);
  if (first === second) return 1;
  if (typeof a !== 'string' || typeof b !== 'string' || numbersOf(first) !== numbersOf(second)) return 0;
  return bigramDice(first, second);
}

/** The words with a digit in them. */
function numbersOf(text: string): string {
  return text
    .split(' ')
    .filter((word) => /\p{N}/u.test(word))
    .toSorted()
    .join(' ');
}

/** The Sørensen–Dice coefficient of the pairs of neighbouring characters. */
function bigramDice(a: string, b: string): number {
  const first = bigramsOf(a);
  const second = bigramsOf(b);
  let shared = 0;
  for (const [pair, count] of first) shared += Math.min(count, second.get(pair) ?? 0);
  const total = a.length - 1 + b.length - 1;
  return total <= 0 ? 0 : (2 * shared) / total;
}

function bigramsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let at = 1; at < text.length; at += 1) {
    const pair = text.slice(at - 1, at + 1);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
