/**
 * RULER's common words: a numbered list in random order in which ten words stand 30 times each and all others 3
 * times. As in RULER a worked example comes first, and where all this finds no room (RULER: below 4,096 tokens)
 * there are fewer repetitions.
 *
 * The words are RULER's. Where they run out (at some 140K tokens; RULER then takes a list of its own) pairs such
 * as `amber-lantern` follow.
 */
import { addWeights, noWeight } from '@memagent/core';
import type { CountGuess } from '../documents/fit-count.ts';
import { createPermutation } from '../documents/permutation.ts';
import type { PieceWeigher } from '../documents/piece-weigher.ts';
import type { Random } from '../documents/random.ts';
import { createPairs, type Vocabulary } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { fitList, type ListOptions } from './fit-list.ts';
import type { Room } from './room.ts';
import { workedExample } from './worked-example.ts';

interface Words {
  /** Different words by number; the first ten are the common ones. */
  at: (index: number) => string;
  repeats: Repeats;
}

/** How often a common word and another one stand in a list. */
interface Repeats {
  common: number;
  other: number;
}

interface Size {
  repeats: Repeats;
  example: Repeats & { words: number };
}

const common = 10;
const question = `Which ${common} words are the most common in the numbered list?`;

const sizes: readonly [Size, Size] = [
  { repeats: { common: 30, other: 3 }, example: { common: 10, other: 3, words: 40 } },
  { repeats: { common: 6, other: 1 }, example: { common: 3, other: 1, words: 20 } },
];

/** With fewer different words the smaller size is better. */
const leastWords = 30;

export const cwe = defineTask({
  name: 'cwe',
  description: 'RULER: the ten most common words of a numbered list.',
  metric: 'string-match-all',
  outputTokens: 120,
  parameters: {},
  async draft({ materials, random, room: roomFor }) {
    const vocabulary = await materials.vocabulary();
    const room = roomFor(question);
    const [large, small] = sizes;
    const sized = ({ repeats, example }: Size): Sized => {
      const words: Words = { at: createWords(vocabulary, random, 'words'), repeats };
      const others: Words = { at: createWords(vocabulary, random, 'example words'), repeats: example };
      return {
        words,
        head: writeExample(others, example.words, random('example order')),
        list: (count: number) => listWords(words, count, random('order')),
        guess: (aim: number) => guessCount(words, aim, room.weigher),
      };
    };
    const { words, ...options } = hasRoom(room, sized(large)) ? sized(large) : sized(small);
    const { count, ...document } = fitList({ room, ...options });
    return {
      question,
      answers: commonWords(words),
      ...document,
      meta: { words: count, repeats: words.repeats.common },
    };
  },
});

interface Sized extends Omit<ListOptions, 'room'> {
  words: Words;
}

function hasRoom({ limit, createMeter }: Room, { head, list }: Sized): boolean {
  const meter = createMeter();
  meter.add(head);
  for (const piece of list(leastWords)) meter.add(piece);
  return 'tokens' in limit && meter.tokens() <= limit.tokens;
}

function createWords(
  vocabulary: Vocabulary,
  random: (use: string) => Random,
  use: string,
): (index: number) => string {
  const { words } = vocabulary;
  const permute = createPermutation(words.length, random(use));
  const pairs = createPairs(vocabulary, random(`${use}, pairs`));
  return (index) => (index < words.length ? (words[permute(index)] as string) : pairs(index - words.length));
}

function commonWords({ at }: Words): string[] {
  return Array.from({ length: common }, (_, index) => at(index));
}

function entriesOf({ repeats }: Words, count: number): number {
  return common * repeats.common + (count - common) * repeats.other;
}

/** The list of `count` different words: `1. lamp 2. run 3. lamp …`. */
function* listWords(words: Words, count: number, random: Random): Generator<string> {
  const { at, repeats } = words;
  const entries = entriesOf(words, count);
  const shuffled = createPermutation(entries, random);
  const commonEntries = common * repeats.common;
  for (let index = 0; index < entries; index++) {
    const entry = shuffled(index);
    const word =
      entry < commonEntries
        ? at(Math.floor(entry / repeats.common))
        : at(common + Math.floor((entry - commonEntries) / repeats.other));
    yield `${index === 0 ? '' : ' '}${index + 1}. ${word}`;
  }
}

/** Adds words until the aim is passed, each with the numbers that its entries add to the list. */
function guessCount(words: Words, aim: number, { weigh, tokens }: PieceWeigher): CountGuess {
  let weight = noWeight;
  let entries = 0;
  function addWord(index: number, repeats: number): void {
    const word = weigh(` ${words.at(index)}`, false);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const number = weigh(` ${++entries}.`, false);
      weight = addWeights(addWeights(weight, number), word);
    }
  }
  for (let index = 0; index < common; index++) addWord(index, words.repeats.common);
  for (let count = common; ; count++) {
    const before = tokens(weight);
    addWord(count, words.repeats.other);
    if (tokens(weight) > aim) return { count, tokens: before, tokensOfNext: tokens(weight) };
  }
}

function writeExample(words: Words, count: number, random: Random): string {
  const answer = commonWords(words)
    .map((word, index) => `${index + 1}. ${word}`)
    .join(' ');
  return workedExample([...listWords(words, count, random)].join(''), question, answer);
}
