import type { Reward } from '../glossary.ts';

/** What the group's mean is taken of: the task's reward, the shaped ones and the penalties. */
export function totalReward({ task, shaped, penalties }: Reward): number {
  return [...Object.values(shaped), ...Object.values(penalties)].reduce((sum, part) => sum + part, task);
}
