import type { StepMetrics } from '../trainer/metrics.ts';

/** Neighbouring steps taken together, so that a long run still fits into a picture. */
export interface Stretch {
  /** The last of its steps. */
  step: number;
  metrics: readonly StepMetrics[];
}

/** At most `most` stretches of equally many steps (the last may have fewer). */
export function thin(metrics: readonly StepMetrics[], most: number): Stretch[] {
  const size = Math.max(1, Math.ceil(metrics.length / most));
  return Array.from({ length: Math.ceil(metrics.length / size) }, (_, index) => {
    const members = metrics.slice(index * size, (index + 1) * size);
    return { step: members.at(-1)!.step, metrics: members };
  });
}

/** The mean of what the stretch's steps measured; undefined where none of them did. */
export function meanOver({ metrics }: Stretch, measure: Measure): number | undefined {
  const values = metrics.map(measure).filter((value) => typeof value === 'number' && Number.isFinite(value));
  return values.length === 0
    ? undefined
    : (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
}

/** A number of a step; null or undefined where the step does not have it. */
export type Measure = (metrics: StepMetrics) => number | null | undefined;
