import { MemagentError } from '@memagent/core';

/** Throws `not-finite` for NaN and infinity. */
export function requireFinite(name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new MemagentError(`The ${name} is ${value}; the weights were not changed by it.`, {
    code: 'not-finite',
    data: { name },
  });
}
