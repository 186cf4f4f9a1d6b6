import { oneLine } from '../format/plain-text.ts';

/** What a new memory says that the old one did not, on one line; `= nothing new` where that is nothing. */
export function describeChange(before: string, after: string): string {
  const old = new Set(statementsOf(before));
  const now = statementsOf(after);
  const added = now.filter((statement) => !old.has(statement));
  const removed = old.size - (now.length - added.length);
  if (added.length > 0) return `+ ${added.join(' ')}`;
  return removed > 0 ? `- ${removed} of ${old.size} statements` : '= nothing new';
}

/** Lines, and within them sentences: what a memory is made of, whether it is a list or prose. */
function statementsOf(memory: string): string[] {
  return memory
    .split(/\n+|(?<=[.!?\]])\s+(?=[^\s[])/)
    .map(oneLine)
    .filter((statement) => statement !== '');
}
