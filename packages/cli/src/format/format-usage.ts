import type { RunResult } from '@memagent/core';
import { formatCost, formatCount, formatDuration, formatQuantity } from './format-number.ts';

/** What a run used, on one line. */
export function formatUsage({ usage, model, reader, sections, tokens, elapsedMs, runId }: RunResult): string {
  const { calls, promptTokens, completionTokens, cachedTokens, retries, cost } = usage;
  const cached = cachedTokens > 0 ? ` (${formatCount(cachedTokens)} cached)` : '';
  return [
    `${formatQuantity(tokens, 'token')} in ${formatQuantity(sections, 'section')}`,
    ...(model === null
      ? [`no language model was used: the ${reader} reader quotes`]
      : [
          model,
          formatQuantity(calls, 'call'),
          `${formatCount(promptTokens)}${cached} + ${formatCount(completionTokens)} tokens`,
          ...(retries > 0 ? [formatQuantity(retries, 'retry', 'retries')] : []),
          ...(cost === undefined ? [] : [`cost ${formatCost(cost)}`]),
        ]),
    formatDuration(elapsedMs),
    `run ${runId}`,
  ].join(' · ');
}
