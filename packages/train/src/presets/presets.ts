import { MemagentError } from '@memagent/core';
import { evidencePreset } from '../evidence/evidence-preset.ts';
import { smokePreset, tinyPreset } from '../tiny/tiny-preset.ts';
import type { TrainingPreset } from './preset.ts';

/** The recipes that come with the package. Each loads its engine when it is prepared. */
export const presets: readonly TrainingPreset[] = [evidencePreset, tinyPreset, smokePreset];

/** The preset of that name. Throws `invalid-option` with the names that exist. */
export function findTrainingPreset(name: string): TrainingPreset {
  const preset = presets.find((one) => one.name === name);
  if (preset) return preset;
  const names = presets.map((one) => one.name).join(', ');
  throw new MemagentError(`Unknown preset ${JSON.stringify(name)}; there are: ${names}.`, {
    code: 'invalid-option',
    data: { option: 'preset', received: name },
  });
}
