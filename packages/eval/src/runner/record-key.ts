import { createHash } from 'node:crypto';
import type { RunSettings } from '@memagent/core';
import type { EvalItem } from '../item.ts';

/**
 * A hash of all that decides a result: the item (its document follows from id, length and facts), who reads and
 * how. It names the run in the store, so a finished run is its own cache and an interrupted one is resumed.
 */
export function recordKey(item: EvalItem, subject: string, settings: RunSettings): string {
  const { id, task, question, answers, tokens, meta } = item;
  const content = JSON.stringify([id, task, question, answers, tokens, sortKeys(meta), subject, settings]);
  return createHash('sha256').update(content).digest('hex').slice(0, 24);
}

function sortKeys<Value>(object: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
