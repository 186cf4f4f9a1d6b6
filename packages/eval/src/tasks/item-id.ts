import type { ItemRequest, Task } from './task.ts';

/** What names an item: task, length, parameters that are not by default, seed and index. */
export type NamedBy = Pick<
  ItemRequest,
  'tokens' | 'paragraphs' | 'rulerLength' | 'parameters' | 'seed' | 'index'
>;

/** `niah_single_1/8192/42-3`, `ruler_hotpotqa/200p/42-0`, `vt/4096/ruler-length/hops=2/42-0`. */
export function itemId({ name, parameters }: Pick<Task, 'name' | 'parameters'>, request: NamedBy): string {
  const length = request.tokens ?? `${request.paragraphs}p`;
  const changes = Object.entries(request.parameters ?? {})
    .filter(([key, value]) => value !== parameters[key]?.default)
    .map(([key, value]) => `${key}=${value}`);
  const ruler = request.rulerLength ? ['ruler-length'] : [];
  return [name, length, ...ruler, ...changes.toSorted(), `${request.seed}-${request.index}`].join('/');
}
