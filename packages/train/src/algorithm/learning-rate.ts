/** A learning rate over the batches of a phase: a linear rise, then constant, linear or cosine. */
export interface LearningRateSchedule {
  warmUpSteps: number;
  kind: 'constant' | 'linear' | 'cosine';
  endFactor: number;
}

/** The factor on the learning rate in batch `step` (from 1) of `steps`. The last batch has `endFactor`. */
export function learningRateFactor(step: number, steps: number, schedule: LearningRateSchedule): number {
  const { warmUpSteps, kind, endFactor } = schedule;
  if (step <= warmUpSteps) return step / warmUpSteps;
  const progress = (step - warmUpSteps - 1) / Math.max(1, steps - warmUpSteps - 1);
  switch (kind) {
    case 'constant':
      return 1;
    case 'linear':
      return 1 + (endFactor - 1) * progress;
    case 'cosine':
      return endFactor + ((1 - endFactor) * (1 + Math.cos(Math.PI * progress))) / 2;
    default:
      return kind satisfies never;
  }
}
