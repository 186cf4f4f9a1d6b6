import { sep } from 'node:path';

/**
 * How people tell absolute paths apart: the last part of each, with as many folders before it as it takes to
 * differ from all others: `notes.txt`, or `2023/notes.txt` and `2024/notes.txt`; with `/` on every platform.
 */
export function distinctNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let open = [...new Set(paths)].map((path) => ({ path, parts: path.split(sep).filter(Boolean) }));
  for (let count = 1; open.length > 0; count += 1) {
    const groups = Map.groupBy(open, ({ parts }) => parts.slice(-count).join('/'));
    open = [];
    for (const [name, group] of groups) {
      for (const entry of group) {
        if (group.length === 1 || entry.parts.length <= count) names.set(entry.path, name);
        else open.push(entry);
      }
    }
  }
  return names;
}
