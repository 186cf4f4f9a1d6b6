/** The items of a plan, in order, each made when its turn comes. */
import type { Tokenizer } from '@memagent/core';
import type { Materials } from '../documents/materials.ts';
import type { EvalItem } from '../item.ts';
import type { PlannedItem } from '../runner/run-evaluation.ts';
import { findTask } from '../tasks/find-task.ts';
import type { ItemLength } from '../tasks/task.ts';
import { formatLength } from './parse-length.ts';
import type { Plan } from './plan.ts';

export interface PlanItemsOptions {
  tokenizer: Tokenizer;
  materials: Materials;
}

/** Shortest documents first, and of each length every task: an evaluation that is stopped early says something. */
export function planItems(plan: Plan, { tokenizer, materials }: PlanItemsOptions): PlannedItem[] {
  const planned = plan.tasks.flatMap((entry) => {
    const task = findTask(entry.task);
    const lengths: ItemLength[] = [
      ...(entry.lengths ?? []).map((tokens) => ({ tokens })),
      ...(entry.paragraphs ?? []).map((paragraphs) => ({ paragraphs })),
    ];
    return lengths.flatMap((length) =>
      Array.from({ length: entry.items ?? plan.items }, (_, index) => {
        const parameters = entry.parameters ?? {};
        const id = [entry.task, nameOf(length), ...namesOf(parameters), `${plan.seed}-${index}`].join('/');
        const make = (): Promise<EvalItem> =>
          task.generate({
            ...length,
            seed: plan.seed,
            index,
            tokenizer,
            materials,
            parameters,
            rulerLength: plan.rulerLength,
          });
        return { id, make, tokens: tokensOf(length) };
      }),
    );
  });
  return planned.toSorted((a, b) => a.tokens - b.tokens);
}

function nameOf(length: ItemLength): string {
  return length.tokens === undefined ? `${length.paragraphs} paragraphs` : formatLength(length.tokens);
}

function namesOf(parameters: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}

/** A paragraph of HotpotQA has about 130 tokens. */
function tokensOf(length: ItemLength): number {
  return length.tokens ?? length.paragraphs * 130;
}
