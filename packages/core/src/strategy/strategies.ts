import { MemagentError } from '../errors.ts';
import { mapReduceStrategy } from './map-reduce.ts';
import { memoryStrategy } from './memory.ts';
import { refineStrategy } from './refine.ts';
import { rereadStrategy } from './reread.ts';
import { retrieveStrategy } from './retrieve.ts';
import type { Strategy } from './strategy.ts';
import { truncateStrategy } from './truncate.ts';

/** All strategies, the default first. */
export const strategies: readonly Strategy[] = Object.freeze([
  memoryStrategy,
  rereadStrategy,
  truncateStrategy,
  retrieveStrategy,
  mapReduceStrategy,
  refineStrategy,
]);

/** The strategy of that name. Throws `invalid-option` with the names that exist. */
export function findStrategy(name: string): Strategy {
  const strategy = strategies.find((candidate) => candidate.name === name);
  if (strategy) return strategy;
  const names = strategies.map((candidate) => candidate.name).join(', ');
  throw new MemagentError(`Unknown strategy ${JSON.stringify(name)}; there are: ${names}.`, {
    code: 'invalid-option',
    data: { option: 'strategy', received: name },
  });
}
