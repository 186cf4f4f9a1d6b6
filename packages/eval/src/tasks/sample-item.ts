/** Makes items for tests and reads their documents whole. */
import { createTiktokenTokenizer } from '@memagent/core';
import { createMaterials, type Materials } from '../documents/materials.ts';
import type { EvalItem } from '../item.ts';
import { findTask } from './find-task.ts';
import { sampleQuestions } from './sample-questions.ts';
import type { ItemRequest } from './task.ts';

/** The package's own, with made-up questions. */
export const sampleMaterials: Materials = { ...createMaterials(), questions: async () => sampleQuestions };

/** An item of 4K tokens by o200k_base, unless asked otherwise. */
export async function makeItem(
  task: string,
  request: Partial<ItemRequest> = {},
): Promise<{ item: EvalItem; text: string; evidence: string[] }> {
  const item = await findTask(task).generate({
    ...(request.paragraphs === undefined ? { tokens: 4096 } : {}),
    seed: 1,
    index: 0,
    tokenizer: await createTiktokenTokenizer('o200k_base'),
    materials: sampleMaterials,
    ...request,
  } as ItemRequest);
  const text = await textOf(item);
  return { item, text, evidence: item.evidence.map(({ start, end }) => text.slice(start, end)) };
}

export async function textOf(item: EvalItem): Promise<string> {
  let text = '';
  for await (const chunk of item.document()) text += chunk;
  return text;
}
