import { MemagentError } from '@memagent/core';
import { listDataSets } from '../datasets/catalogue.ts';
import { findDataSet } from '../datasets/data-sets.ts';
import type { SkippedRow } from '../datasets/data-set.ts';
import type { PlannedItem } from '../runner/run-evaluation.ts';
import type { Plan } from './plan.ts';

/**
 * The questions of a plan's data sets, from the files that were added under `home`. Rows that give no question
 * are handed to `onSkipped`. Throws `invalid-option` for a data set that was not added.
 */
export async function planDataSets(
  plan: Plan,
  { home, onSkipped }: { home: string; onSkipped: (skipped: SkippedRow) => void },
): Promise<PlannedItem[]> {
  if (plan.dataSets.length === 0) return [];
  const listed = await listDataSets(home);
  const planned: PlannedItem[] = [];
  for (const { dataSet: name, items = plan.items } of plan.dataSets) {
    const dataSet = findDataSet(name);
    const files = listed.find((entry) => entry.dataSet === dataSet)?.added?.files;
    if (!files) {
      throw new MemagentError(
        `The data set ${name} has no files yet. ${dataSet.get} Then: memagent data add ${name} FILE...`,
        { code: 'invalid-option', data: { dataSet: name } },
      );
    }
    let count = 0;
    for await (const item of dataSet.load(files, { onSkipped })) {
      planned.push({ id: item.id, make: () => Promise.resolve(item), tokens: item.tokens });
      count += 1;
      if (count === items) break;
    }
  }
  return planned;
}
