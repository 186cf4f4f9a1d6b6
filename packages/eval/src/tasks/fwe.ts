/**
 * RULER's frequent words: coded words of six letters in random order whose frequencies follow a zeta
 * distribution; the most frequent is noise, written as dots, and the next three are asked for.
 */
import { addWeights, noWeight } from '@memagent/core';
import type { CountGuess } from '../documents/fit-count.ts';
import { createPermutation } from '../documents/permutation.ts';
import type { PieceWeigher } from '../documents/piece-weigher.ts';
import type { Random } from '../documents/random.ts';
import { zeta } from '../documents/zeta.ts';
import { defineTask } from './define-task.ts';
import { fitList } from './fit-list.ts';
import { randomNames } from './random-values.ts';

const question = 'Which three coded words are the most frequent in the coded text? The dots are not a word.';

const noise = '...';

export const fwe = defineTask({
  name: 'fwe',
  description: 'RULER: the three most frequent words of a coded text.',
  metric: 'string-match-all',
  outputTokens: 50,
  parameters: {
    alpha: {
      default: 2,
      least: 1.5,
      most: 5,
      fractions: true,
      description: 'How fast frequencies fall: the word of rank k has k^-alpha of the text.',
    },
  },
  async draft({ parameters: { alpha }, random, room: roomFor }) {
    const room = roomFor(question);
    const share = 1 / zeta(alpha);
    const frequencies = (words: number): number[] => frequenciesOf(words * share, alpha);
    // From here on the fourth rank is more frequent than the fifth.
    const least = Math.ceil(1 / (4 ** -alpha - 5 ** -alpha) / share);
    const longest = 'tokens' in room.limit ? frequencies(Math.max(least, room.limit.tokens) + 1).length : 0;
    const names = randomNames(random('words'), longest, {
      alphabet: 'abcdefghijklmnopqrstuvwxyz',
      letters: 6,
    });
    const vocabulary = [noise, ...names];
    const { count: _words, ...document } = fitList({
      room,
      head: '',
      list: (words) => listWords(vocabulary, frequencies(words), random('order')),
      guess: (aim) => guessWords(vocabulary, frequencies, { least, aim }, room.weigher),
    });
    return { question, answers: vocabulary.slice(1, 4), ...document, meta: {} };
  },
});

/** How often the word of each rank stands there: whole numbers, down to once. */
function frequenciesOf(first: number, alpha: number): number[] {
  const frequencies: number[] = [];
  for (let rank = 1; first * rank ** -alpha >= 1; rank++)
    frequencies.push(Math.floor(first * rank ** -alpha));
  return frequencies;
}

function* listWords(
  vocabulary: readonly string[],
  frequencies: readonly number[],
  random: Random,
): Generator<string> {
  const ends: number[] = [];
  for (const frequency of frequencies) ends.push((ends.at(-1) ?? 0) + frequency);
  const entries = ends.at(-1) ?? 0;
  const shuffled = createPermutation(entries, random);
  for (let index = 0; index < entries; index++) {
    yield `${index === 0 ? '' : ' '}${vocabulary[rankOf(shuffled(index), ends)]}`;
  }
}

/** The first rank whose entries end after `entry`. */
function rankOf(entry: number, ends: readonly number[]): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entry < (ends[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function guessWords(
  vocabulary: readonly string[],
  frequencies: (words: number) => number[],
  { least, aim }: { least: number; aim: number },
  { weigh, tokens }: PieceWeigher,
): CountGuess {
  const weights = vocabulary.map((word) => weigh(` ${word}`, false));
  const tokensFor = (words: number): number => {
    let total = noWeight;
    for (const [rank, frequency] of frequencies(words).entries()) {
      total = addWeights(total, weights[rank] ?? noWeight, frequency);
    }
    return tokens(total);
  };
  // Each word has a token at least, so that no more words fit than tokens.
  let fits = least;
  let exceeds = Math.max(least, aim) + 1;
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    if (tokensFor(middle) <= aim) fits = middle;
    else exceeds = middle;
  }
  return { count: fits, tokens: tokensFor(fits), tokensOfNext: tokensFor(exceeds) };
}
