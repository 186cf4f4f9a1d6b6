import type { EvalItem } from '../item.ts';
import type { DataSet, SkippedRow } from './data-set.ts';

/** An item with its document and the passages of its evidence as texts. */
export interface CollectedItem extends EvalItem {
  text: string;
  passages: string[];
}

/** Everything that a data set makes of these files. For tests: all texts are in memory at once. */
export async function collectItems(
  dataSet: DataSet,
  files: readonly string[],
): Promise<{ items: CollectedItem[]; skipped: SkippedRow[] }> {
  const items: CollectedItem[] = [];
  const skipped: SkippedRow[] = [];
  for await (const item of dataSet.load(files, { onSkipped: (row) => skipped.push(row) })) {
    const text = await readDocument(item);
    items.push({ ...item, text, passages: item.evidence.map(({ start, end }) => text.slice(start, end)) });
  }
  return { items, skipped };
}

export async function readDocument(item: EvalItem): Promise<string> {
  let text = '';
  for await (const chunk of item.document()) text += chunk;
  return text;
}
