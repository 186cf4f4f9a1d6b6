import { wilsonInterval } from '@memagent/eval';
import type { TinyResult } from './evaluate-tiny.ts';

/** A line for all results and one for each task: how many were wholly right, with a 95% interval (Wilson). */
export function summarizeTiny(results: readonly TinyResult[]): string[] {
  const tasks = [...new Set(results.map(({ task }) => task))].toSorted();
  return [
    describe('all', results),
    ...tasks.map((task) =>
      describe(
        task,
        results.filter((result) => result.task === task),
      ),
    ),
  ];
}

function describe(name: string, results: readonly TinyResult[]): string {
  const right = results.filter(({ score }) => score === 1).length;
  const { low, high } = wilsonInterval(right, results.length);
  const sections = [...new Set(results.map((result) => result.sections))].join(', ');
  return `${sections} sections, ${name}: ${percent(right / results.length)}% (${percent(low)} to ${percent(high)}), n = ${results.length}`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
