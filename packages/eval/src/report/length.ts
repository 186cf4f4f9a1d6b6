/**
 * How long a question's document is, as the report groups it: in paragraphs where the task counts those, in
 * tokens as the task was asked to make them, otherwise rounded up to a power of two.
 */
import type { EvalRecord } from '../runner/record.ts';
import { formatCount, formatTokens } from './format-number.ts';

export interface Length {
  unit: 'tokens' | 'paragraphs' | 'characters';
  value: number;
  /** `value` is the upper end of a range of lengths, its half the lower. */
  isBound: boolean;
}

/** Undefined where the record does not tell. */
export function lengthOf({ tokens, meta }: Pick<EvalRecord, 'tokens' | 'meta'>): Length | undefined {
  const { paragraphs, length, characters } = meta;
  if (typeof paragraphs === 'number') return { unit: 'paragraphs', value: paragraphs, isBound: false };
  if (tokens > 0) {
    // Data sets have a `length` of their own, in other units: as a target it is at least the document's tokens.
    const isTarget = typeof length === 'number' && length >= tokens;
    if (isTarget) return { unit: 'tokens', value: length, isBound: false };
    return { unit: 'tokens', value: nextPowerOfTwo(tokens), isBound: true };
  }
  if (typeof characters === 'number' && characters > 0) {
    return { unit: 'characters', value: nextPowerOfTwo(characters), isBound: true };
  }
  return undefined;
}

/** `128K`, `3.5M`, `1,600 paragraphs`, `≤ 64K characters`; a dash where it is not known. */
export function formatLength(length: Length | undefined): string {
  if (!length) return '–';
  const text = formatLengthValue(length);
  return length.unit === 'tokens' ? text : `${text} ${length.unit}`;
}

/** As `formatLength`, without the unit. */
export function formatLengthValue({ unit, value, isBound }: Length): string {
  return `${isBound ? '≤ ' : ''}${unit === 'paragraphs' ? formatCount(value) : formatTokens(value)}`;
}

/** Equal for equal lengths. */
export function lengthKey(length: Length | undefined): string {
  return length ? `${length.unit} ${length.value} ${length.isBound}` : '';
}

/** Shorter first, unit by unit; what is not known last. */
export function compareLengths(a: Length | undefined, b: Length | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return a.unit.localeCompare(b.unit) || a.value - b.value || Number(a.isBound) - Number(b.isBound);
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}
