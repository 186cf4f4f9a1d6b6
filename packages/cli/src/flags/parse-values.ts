/** Parsers for the values of flags. Each says what it wanted; commander puts the flag and the value before it. */
import { InvalidArgumentError } from 'commander';
import { parseCount as countOf } from '../settings/parse-count.ts';
import { parseDuration } from '../settings/parse-duration.ts';

/** A whole number of 1 or more. */
export function parseCount(text: string): number {
  const value = countOf(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError('Expected a whole number of 1 or more, such as 16 or 8k.');
}

/** A whole number of 0 or more. */
export function parseCountFromZero(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of 0 or more, such as 3.');
}

/** Any whole number. */
export function parseInteger(text: string): number {
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError('Expected a whole number, such as 42.');
}

/** A number of 0 or more. */
export function parseAmount(text: string): number {
  const value = parseNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError('Expected a number of 0 or more, such as 0.5.');
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const value = parseNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0, such as 0.5.');
}

/** A number above 0 and up to 1. */
export function parseShare(text: string): number {
  const value = parseNumber(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and up to 1, such as 0.95.');
}

/** Names with commas between them. */
export function parseList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.includes('')) return names;
  throw new InvalidArgumentError('Expected names with commas between them, such as name,year.');
}

/** Milliseconds of a time. */
export function parseTime(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('Expected a time such as 30s, 10m or 2h.');
}

function parseNumber(text: string): number {
  return /^\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
