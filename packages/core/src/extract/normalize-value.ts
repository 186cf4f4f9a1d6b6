/** How values are compared: without case, accents, punctuation and the kind of space. */
import type { Json } from '../json.ts';

/** Whether a field says nothing. */
export function isAbsent(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/** A text for each value: equal for values that differ in writing alone. The order of a list does not matter. */
export function normalizeValue(value: Json): string {
  if (typeof value === 'string') return normalizeText(value);
  if (Array.isArray(value)) return JSON.stringify(value.map(normalizeValue).toSorted());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => !isAbsent(item));
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted.map(([key, item]) => [key, normalizeValue(item)]));
}

function normalizeText(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  // A text of signs alone is what it is.
  return words === '' ? text.trim() : words;
}

/** The words of a value, for finding records that share some. */
export function wordsOfValue(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOfValue);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(wordsOfValue);
  return value === null ? [] : normalizeValue(value).split(' ');
}
