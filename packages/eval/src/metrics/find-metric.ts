import { MemagentError } from '@memagent/core';
import { abstention } from './abstention.ts';
import { exactMatch } from './exact-match.ts';
import { f1 } from './f1.ts';
import { lenientMatch } from './lenient-match.ts';
import type { Metric, MetricName } from './metric.ts';
import { multipleChoice } from './multiple-choice.ts';
import { numberCloseness } from './number-closeness.ts';
import { rougeL } from './rouge-l.ts';
import { strictExactMatch } from './strict-exact-match.ts';
import { stringMatchAll } from './string-match-all.ts';
import { stringMatchPart } from './string-match-part.ts';

/** Every metric by its name. */
export const metrics: Readonly<Record<MetricName, Metric>> = Object.freeze({
  'string-match-all': stringMatchAll,
  'string-match-part': stringMatchPart,
  'exact-match': exactMatch,
  f1,
  'strict-exact-match': strictExactMatch,
  'lenient-match': lenientMatch,
  'rouge-l': rougeL,
  'multiple-choice': multipleChoice,
  'number-closeness': numberCloseness,
  abstention,
});

/** The metric of that name. Throws `invalid-option` with the names that exist. */
export function findMetric(name: string): Metric {
  if (isMetricName(name)) return metrics[name];
  const names = Object.keys(metrics).join(', ');
  throw new MemagentError(`Unknown metric ${JSON.stringify(name)}; there are: ${names}.`, {
    code: 'invalid-option',
    data: { option: 'metric', received: name },
  });
}

/** Whether a metric of that name exists. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
