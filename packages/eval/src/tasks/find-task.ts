/** All tasks: RULER's thirteen, questions among paragraphs, and where memory agents are weak. */
import { MemagentError } from '@memagent/core';
import { aggregationTasks } from './aggregation.ts';
import { conflict } from './conflict.ts';
import { cwe } from './cwe.ts';
import { fwe } from './fwe.ts';
import { knowledgeUpdate } from './knowledge-update.ts';
import { multiHop } from './multi-hop.ts';
import { needleDepth } from './needle-depth.ts';
import { niahTasks } from './niah.ts';
import { ordering } from './ordering.ts';
import { paragraphTasks } from './paragraphs.ts';
import { promptInjection } from './prompt-injection.ts';
import type { Task } from './task.ts';
import { unanswerable } from './unanswerable.ts';
import { vt } from './vt.ts';

export const tasks: readonly Task[] = Object.freeze([
  ...niahTasks,
  vt,
  cwe,
  fwe,
  ...paragraphTasks,
  knowledgeUpdate,
  conflict,
  ordering,
  ...aggregationTasks,
  multiHop,
  unanswerable,
  needleDepth,
  promptInjection,
]);

/** The task of this name. Throws `invalid-option` for any other name. */
export function findTask(name: string): Task {
  const task = tasks.find((known) => known.name === name);
  if (task) return task;
  throw new MemagentError(
    `Unknown task ${JSON.stringify(name)}. Use one of ${tasks.map((known) => known.name).join(', ')}.`,
    { code: 'invalid-option', data: { task: name } },
  );
}
