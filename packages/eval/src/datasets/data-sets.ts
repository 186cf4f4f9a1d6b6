import { MemagentError } from '@memagent/core';
import type { DataSet } from './data-set.ts';
import { fairytaleQa } from './fairytaleqa.ts';
import { lEval } from './leval.ts';
import { locomo } from './locomo.ts';
import { longBenchV1 } from './longbench-v1.ts';
import { longBenchV2 } from './longbench-v2.ts';
import { longMemEval } from './longmemeval.ts';
import { hotpotQa, twoWikiMultihopQa } from './multi-hop.ts';
import { musique } from './musique.ts';
import { narrativeQa } from './narrativeqa.ts';
import { questions } from './questions.ts';
import { squad } from './squad.ts';

/** Every data set that can be loaded. */
export const dataSets: readonly DataSet[] = Object.freeze([
  longBenchV1,
  longBenchV2,
  lEval,
  narrativeQa,
  fairytaleQa,
  locomo,
  longMemEval,
  hotpotQa,
  twoWikiMultihopQa,
  musique,
  squad,
  questions,
]);

/** The data set of that name. Throws `invalid-option` with the names that exist. */
export function findDataSet(name: string): DataSet {
  const found = dataSets.find((dataSet) => dataSet.name === name);
  if (found) return found;
  const names = dataSets.map((dataSet) => dataSet.name).join(', ');
  throw new MemagentError(`Unknown data set ${JSON.stringify(name)}; there are: ${names}.`, {
    code: 'invalid-option',
    data: { option: 'dataSet', received: name },
  });
}
