import type { StepMetrics } from './metrics.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { TrainingNotice } from './training-event.ts';

/** What one step did, whichever phase it belongs to. */
export interface StepOutcome {
  metrics: StepMeasures;
  /** Tokens of documents read and actions sampled, or learned. */
  tokens: number;
  optimSteps: number;
  samplesDrawn: number;
  notices: readonly TrainingNotice[];
  rollouts: readonly RolloutRecord[];
}

/** The metrics but for the step's own place and time, which the loop knows. */
export type StepMeasures = Omit<
  StepMetrics,
  'step' | 'learningRate' | 'optimSteps' | 'elapsedMs' | 'tokensPerSecond'
>;
