import type { z } from 'zod';

const shownKeys = 12;

/** Says what a row holds, what was expected, and what is wrong first. */
export function describeMismatch(value: unknown, schema: z.ZodObject, error: z.ZodError): string {
  const expected = Object.entries(schema.shape)
    .filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
    .map(([key]) => key);
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  const wrong = path === '' ? '' : ` (${path}: ${issue?.message})`;
  return `received ${received(value)}; expected an object with ${expected.join(', ')}${wrong}`;
}

function received(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return `the keys ${keys.slice(0, shownKeys).join(', ')}${keys.length > shownKeys ? ', …' : ''}`;
}
