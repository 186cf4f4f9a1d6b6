/**
 * Puts conversations into rows of equal length. Lengths are rounded up to a few sizes, so that few shapes have to
 * be compiled; the size of a conversation follows from its own length alone, never from its neighbours.
 */
import { MemagentError } from '@memagent/core';
import { padId } from './vocabulary.ts';

/** Rows as the engine takes them: `tokens` is `[rows, promptSlots + actionSlots - 1]`. */
export interface PackedRows {
  rows: number;
  promptSlots: number;
  actionSlots: number;
  tokens: Int32Array;
  /** Slot of each row's first token. */
  start: Int32Array;
}

export interface RowContent {
  prompt: readonly number[];
  /** Empty for a prompt that is to be answered. */
  actions: readonly number[];
}

const promptSizes = [16, 32, 64, 80, 96, 128, 192, 256, 384, 512];
const actionSizes = [4, 16, 64, 256];

/** Where a conversation goes: those of equal shapes can be computed together. A prompt alone needs no slots for actions. */
export function shapeOf({ prompt, actions }: RowContent): { promptSlots: number; actionSlots: number } {
  return {
    promptSlots: roundUp(prompt.length, promptSizes, 'prompt'),
    actionSlots: actions.length === 0 ? 1 : actionSlotsFor(actions.length),
  };
}

/** The slots that so many actions go into. */
export function actionSlotsFor(actions: number): number {
  return roundUp(actions, actionSizes, 'actions');
}

/**
 * Groups what has the same shape, at most as many together as the largest of `sizes` (rising), in order; the rest of
 * a shape in the fewest larger pieces that leave few rows empty. Returns indices into `contents`.
 */
export function groupByShape(contents: readonly RowContent[], sizes: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, content] of contents.entries()) {
    const { promptSlots, actionSlots } = shapeOf(content);
    const key = `${promptSlots}/${actionSlots}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return [...groups.values()].flatMap((group) => {
    const parts: number[][] = [];
    for (let from = 0; from < group.length;) {
      const size = pieceSize(group.length - from, sizes);
      parts.push(group.slice(from, from + size));
      from += size;
    }
    return parts;
  });
}

/** The number of rows that `count` conversations of one group are computed in. */
export function rowSizeFor(count: number, sizes: readonly number[]): number {
  return sizes.find((size) => size >= count) ?? count;
}

/** The smallest size that holds all, if at least half of it is used; else the largest that is filled. */
function pieceSize(count: number, sizes: readonly number[]): number {
  const holding = sizes.find((size) => size >= count);
  const filled = sizes.findLast((size) => size <= count);
  if (holding !== undefined && (filled === undefined || count * 2 > holding)) return holding;
  return filled ?? count;
}

/** Packs contents of one shape into `rows` rows; rows beyond them hold one padding token. */
export function packRows(contents: readonly RowContent[], rows: number): PackedRows {
  const shapes = contents.map(shapeOf);
  const promptSlots = shapes[0]?.promptSlots ?? 0;
  const actionSlots = shapes[0]?.actionSlots ?? 0;
  const length = promptSlots + actionSlots - 1;
  const tokens = new Int32Array(rows * length).fill(padId);
  const start = new Int32Array(rows).fill(promptSlots - 1);
  for (const [row, { prompt, actions }] of contents.entries()) {
    start[row] = promptSlots - prompt.length;
    tokens.set(prompt, row * length + promptSlots - prompt.length);
    // The last action predicts nothing.
    tokens.set(actions.slice(0, actionSlots - 1), row * length + promptSlots);
  }
  return { rows, promptSlots, actionSlots, tokens, start };
}

function roundUp(length: number, sizes: readonly number[], what: string): number {
  const size = sizes.find((one) => one >= length);
  if (size !== undefined && length > 0) return size;
  throw new MemagentError(
    `The tiny model takes 1 to ${sizes.at(-1)} tokens of ${what}; received ${length}. Use smaller budgets (sectionTokens, memoryTokens, outputTokens).`,
    { code: 'invalid-option', data: { what, received: length } },
  );
}
