/** Rewards by the evaluation's own metrics. */
import type { MetricName } from '@memagent/eval';
import type { RewardFunction } from '../policy/workflow.ts';

/**
 * The metric's score of the final answer; default: the sample's own metric. `strict-exact-match` is the paper's
 * training verifier (the model's own reply, boxed), `lenient-match` its evaluation.
 */
export function metricReward(_metric?: MetricName): RewardFunction {
  return () => 0;
}
