import type { Metric } from './metric.ts';
import { hasNoAnswer } from './no-answer.ts';
import { saysNotFound } from './says-not-found.ts';

/**
 * Whether the reader abstained exactly where it should: 1 for abstaining from a question without an answer and
 * for answering one that has some (rightly or not), otherwise 0. It abstains by `found: false` or in words, see
 * `saysNotFound`.
 */
export const abstention: Metric = (input) => {
  const abstains = input.found === false || saysNotFound(input.prediction);
  return abstains === hasNoAnswer(input) ? 1 : 0;
};
