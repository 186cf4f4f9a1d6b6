/** The items of a plan, in order, each made when its turn comes. */
import type { Tokenizer } from '@memagent/core';
import type { Materials } from '../documents/materials.ts';
import type { EvalItem } from '../item.ts';
import type { PlannedItem } from '../runner/run-evaluation.ts';
import { findTask } from '../tasks/find-task.ts';
import { itemId } from '../tasks/item-id.ts';
import type { ItemLength } from '../tasks/task.ts';
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
        const request = {
          ...length,
          seed: plan.seed,
          index,
          parameters: entry.parameters ?? {},
          rulerLength: plan.rulerLength,
        };
        const id = itemId(task, request);
        const make = (): Promise<EvalItem> => task.generate({ ...request, tokenizer, materials });
        return { id, make, tokens: tokensOf(length) };
      }),
    );
  });
  return planned.toSorted((a, b) => a.tokens - b.tokens);
}

/** A paragraph of HotpotQA has about 130 tokens. */
function tokensOf(length: ItemLength): number {
  return length.tokens ?? length.paragraphs * 130;
}
