/** Rewards by the evaluation's own metrics. */
import { findMetric, type MetricName, predictionFor } from '@memagent/eval';
import type { RewardFunction } from '../policy/workflow.ts';

/**
 * The metric's score of the final answer; default: the sample's own metric. `strict-exact-match` is the paper's
 * training verifier (the model's own words, boxed), `lenient-match` its evaluation.
 */
export function metricReward(metric?: MetricName): RewardFunction {
  return ({ result, events }, { metric: own, answers, choices, rejected, unanswerable }) => {
    const name = metric ?? own;
    return findMetric(name)({
      prediction: predictionFor(name, result, events),
      answers,
      found: result.found,
      ...(choices ? { choices } : {}),
      ...(rejected ? { rejected } : {}),
      ...(unanswerable ? { unanswerable } : {}),
    });
  };
}
