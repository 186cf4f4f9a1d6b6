/** What is trained on what: the part of a training run that is code. A preset makes it; see `runTraining`. */
import type { Datum, TrainingBackend } from '../backend/backend.ts';
import type { Sample } from '../glossary.ts';
import type { Policy } from '../policy/policy.ts';
import type { RewardFunction, Workflow } from '../policy/workflow.ts';

export interface TrainingSetup<Observation> {
  policy: Policy<Observation>;
  /** The sample at a position, 0, 1, 2, …; must depend on the position (and a seed) alone, so that a run can go on anywhere. */
  sampleAt(position: number): Sample | Promise<Sample>;
  /** Default: core's agent with the `memory` strategy and its default budgets, see `createAgentWorkflow`. */
  workflow?: Workflow;
  /** Default: the sample's own metric on the final answer, see `metricReward`. */
  reward?: RewardFunction;
  /**
   * The batch of supervised step `step` (from 1), needed with `warmUp.steps`: conversations to imitate. Must depend
   * on `step`, a seed and the weights of this moment alone.
   */
  demonstrationsAt?(
    step: number,
  ): readonly Demonstration<Observation>[] | Promise<readonly Demonstration<Observation>[]>;
  /** A second engine of the same shape; needed with `loss.klWeight`. It is given the weights that the RL phase begins with. */
  reference?: TrainingBackend<Observation>;
  /** Keep batches until the next checkpoint, so that a resumed run does not sample them again: for engines that cannot be made to draw the same. */
  keepsBatches?: boolean;
}

/** A conversation to imitate: the loss is the mean negative log-probability of its actions. */
export type Demonstration<Observation> = Pick<Datum<Observation>, 'observation' | 'actions'>;
