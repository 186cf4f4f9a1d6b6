/**
 * RULER's common words: a numbered list in random order in which ten words stand 30 times each and all others 3
 * times; in prompts below 4,096 tokens 6 times and once. As in RULER a worked example comes first.
 *
 * The words are RULER's. Where they run out (at some 140K tokens; RULER then takes a list of its own) pairs such
 * as `amber-lantern` follow.
 */
import type { CountGuess } from '../documents/fit-count.ts';
import { createPermutation } from '../documents/permutation.ts';
import type { PieceWeigher } from '../documents/piece-weigher.ts';
import type { Random } from '../documents/random.ts';
import { createPairs, type Vocabulary } from '../documents/vocabulary.ts';
import { defineTask } from './define-task.ts';
import { fitList } from './fit-list.ts';
import { workedExample } from './worked-example.ts';

interface Words {
  /** Different words by number; the first ten are the common ones. */
  at: (index: number) => string;
  /** How often a common word and another one stand in the list. */
  repeats: { common: number; other: number };
}

const common = 10;
const question = `Which ${common} words are the most common in the numbered list?`;

export const cwe = defineTask({
  name: 'cwe',
  description: 'RULER: the ten most common words of a numbered list.',
  metric: 'string-match-all',
  outputTokens: 120,
  parameters: {},
  async draft({ materials, random, room: roomFor }) {
    const vocabulary = await materials.vocabulary();
    const room = roomFor(question);
    const { isShort } = room;
    const words: Words = {
      at: createWords(vocabulary, random, 'words'),
      repeats: isShort ? { common: 6, other: 1 } : { common: 30, other: 3 },
    };
    const example: Words = {
      at: createWords(vocabulary, random, 'example words'),
      repeats: isShort ? { common: 3, other: 1 } : { common: 10, other: 3 },
    };
    const { count, ...document } = fitList({
      room,
      head: writeExample(example, isShort ? 20 : 40, random('example order')),
      list: (size) => listWords(words, size, random('order')),
      guess: (aim) => guessCount(words, aim, room.weigher),
    });
    return { question, answers: commonWords(words), ...document, meta: { words: count } };
  },
});

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
  const weight = { base: 0, surcharge: 0 };
  let entries = 0;
  function addWord(index: number, repeats: number): void {
    const word = weigh(` ${words.at(index)}`, false);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const number = weigh(` ${++entries}.`, false);
      weight.base += number.base + word.base;
      weight.surcharge += number.surcharge + word.surcharge;
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
