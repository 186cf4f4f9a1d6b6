/** Lists in random order that fill a length: what they are made for is found first, then they are made. */
import { MemagentError } from '@memagent/core';
import { type CountGuess, fitCount } from '../documents/fit-count.ts';
import type { Draft } from './define-task.ts';
import type { Room } from './room.ts';

export interface ListOptions {
  room: Room;
  /** Stands before the list. */
  head: string;
  /** The pieces of the list that is made for `count`, whatever is counted. */
  list: (count: number) => Iterable<string>;
  /** The largest count whose parts weigh no more than `aim` tokens, or the least that makes a list. */
  guess: (aim: number) => CountGuess;
}

/** The list that fits the room. Its evidence is all of it. */
export function fitList({ room, head, list, guess }: ListOptions): Omit<
  Draft,
  'question' | 'answers' | 'meta'
> & {
  count: number;
} {
  const limit = tokensOf(room);
  const headMeter = room.createMeter();
  headMeter.add(head);
  const headTokens = headMeter.tokens();

  const measured = new Map<number, { tokens: number; characters: number }>();
  function measure(count: number): number {
    const meter = room.createMeter();
    meter.add(head);
    let characters = head.length;
    for (const piece of list(count)) {
      meter.add(piece);
      characters += piece.length;
    }
    measured.set(count, { tokens: meter.tokens(), characters });
    return meter.tokens();
  }

  const count = fitCount({
    limit,
    guess: (aim) => addTokens(guess(aim - headTokens), headTokens),
    measure,
  });
  const size = count === undefined ? undefined : measured.get(count);
  if (count === undefined || !size) throw tooShort(limit, [...measured.values()]);
  return {
    count,
    ...size,
    pieces: () => listPieces(head, list, count),
    evidence: [{ start: head.length, end: size.characters }],
  };
}

function* listPieces(head: string, list: ListOptions['list'], count: number): Generator<string> {
  yield head;
  yield* list(count);
}

function addTokens({ count, tokens, tokensOfNext }: CountGuess, more: number): CountGuess {
  return { count, tokens: tokens + more, tokensOfNext: tokensOfNext + more };
}

function tokensOf({ limit }: Room): number {
  if ('tokens' in limit) return limit.tokens;
  throw new MemagentError(`Cannot make a list of ${limit.units} paragraphs. Give its length in tokens.`, {
    code: 'invalid-option',
  });
}

function tooShort(limit: number, measured: readonly { tokens: number }[]): MemagentError {
  const least = Math.min(...measured.map(({ tokens }) => tokens));
  return new MemagentError(
    `Cannot make a list of ${limit} tokens: the shortest takes ${least}. Ask for at least ${least} tokens.`,
    { code: 'invalid-option', data: { wanted: limit, least } },
  );
}
