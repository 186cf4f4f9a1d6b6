import type { TrainingConfigInput } from '@memagent/train';
import type { TrainFlags } from '../training-program.ts';
import { parseTokenPrices } from './token-prices.ts';
import { usageError } from '../usage-error.ts';

/**
 * A configuration with what the flags change in it: `--seed`, `--steps`, `--token-prices`, and `--set adam.learningRate=1e-3`, whose
 * value is JSON or, where it is none, a text. Whether the names and values are any good, the trainer's check says.
 */
export function changeConfig(
  config: TrainingConfigInput,
  { seed, steps, tokenPrices, set = [] }: Pick<TrainFlags, 'seed' | 'steps' | 'tokenPrices' | 'set'>,
): TrainingConfigInput {
  const changed = structuredClone(config);
  if (seed !== undefined) changed.seed = seed;
  if (steps !== undefined) changed.steps = steps;
  if (tokenPrices !== undefined) changed.tokenPrices = parseTokenPrices(tokenPrices);
  for (const setting of set) assign(changed as Record<string, unknown>, setting);
  return changed;
}

function assign(config: Record<string, unknown>, setting: string): void {
  const at = setting.indexOf('=');
  const path = setting.slice(0, at).split('.');
  const name = path.pop();
  if (at < 1 || !name || path.includes('')) {
    throw usageError(
      `--set ${JSON.stringify(setting)}: expected NAME=VALUE, such as adam.learningRate=1e-3 or epochs=2.`,
    );
  }
  let part = config;
  for (const key of path) {
    const present = Object.hasOwn(part, key) ? part[key] : undefined;
    const next = isRecord(present) ? present : {};
    part[key] = next;
    part = next;
  }
  part[name] = parseValue(setting.slice(at + 1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
