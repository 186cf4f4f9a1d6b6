import type { RankIndex } from './encoding.ts';

/** A rank and a position fit into one number: order by rank, then from the left, as byte pair encoding wants. */
const positions = 2 ** 32;

/**
 * Number of tokens that byte pair encoding merges `bytes` (one character per byte) into, in time O(n log n).
 *
 * Parts are kept as a list linked through `next` and `previous`; a heap holds every pair that could be merged.
 * Entries are not taken out of the heap when a merge changes the pair at their position: they are recognised
 * as stale by `ranked`, which has the rank of the pair that now begins there.
 */
export function countMerged(bytes: string, ranks: RankIndex): number {
  const { length } = bytes;
  const next = Int32Array.from({ length: length + 1 }, (_, index) => index + 1);
  const previous = Int32Array.from({ length: length + 1 }, (_, index) => index - 1);
  const ranked = new Float64Array(length).fill(-1);
  const heap: number[] = [];

  function rankPair(start: number): void {
    const middle = at(next, start);
    const rank = middle < length ? ranks.get(bytes.slice(start, at(next, middle))) : undefined;
    ranked[start] = rank ?? -1;
    if (rank !== undefined) push(heap, rank * positions + start);
  }

  for (let start = 0; start < length - 1; start++) rankPair(start);
  let parts = length;
  for (let entry = pop(heap); entry !== undefined; entry = pop(heap)) {
    const start = entry % positions;
    if (ranked[start] !== (entry - start) / positions) continue;
    const middle = at(next, start);
    const end = at(next, middle);
    next[start] = end;
    previous[end] = start;
    ranked[middle] = -1;
    parts--;
    rankPair(start);
    if (start > 0) rankPair(at(previous, start));
  }
  return parts;
}

function at(list: Int32Array, index: number): number {
  return list[index] as number;
}

/** Adds to a binary min-heap. */
function push(heap: number[], entry: number): void {
  let index = heap.length;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as number;
    if (above <= entry) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

/** Takes the least entry of a binary min-heap. */
function pop(heap: number[]): number | undefined {
  const least = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return least;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    const below = heap[child] as number;
    if (below >= last) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
  return least;
}
