import type { Json } from '@memagent/core';
import { formatCount } from './format-number.ts';
import { basisOf } from './measure.ts';
import { recordsOf, type Summary } from './summarize.ts';
import { formatSeeds } from './tables/measure-cells.ts';

/** What was asked, in sentences. */
export function describeSummary({ series, tasks, groups, replaced }: Summary): string[] {
  const records = recordsOf(groups);
  const { n, failures, seeds } = basisOf(records);
  const subjects = new Set(series.map(({ subject }) => subject)).size;
  const strategies = new Set(series.map(({ strategy }) => strategy)).size;
  const silent = series.filter(({ settings }) => isWithoutModel(settings)).map(({ label }) => label);
  const haystacks = [...new Set(records.flatMap(({ meta: { haystack } }) => haystack ?? []))].join(', ');
  return [
    `${count(n, 'answer')} (n) of ${count(subjects, 'subject')} with ${count(strategies, 'strategy', 'strategies')} to ${count(tasks.length, 'task')}; ${failures === 0 ? 'none failed' : `${formatCount(failures)} failed and count as 0`}; seed ${formatSeeds(seeds)}.`,
    ...(haystacks === '' ? [] : [`Haystack: ${haystacks}.`]),
    ...(silent.length === 0
      ? []
      : [`Read without a language model, so without tokens and cost: ${silent.join(', ')}.`]),
    ...(replaced === 0
      ? []
      : [
          `${count(replaced, 'older line')} of questions that were asked again ${replaced === 1 ? 'is' : 'are'} left out.`,
        ]),
  ];
}

function isWithoutModel(settings: Json): boolean {
  return settings !== null && typeof settings === 'object' && 'model' in settings && settings.model === null;
}

function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}
