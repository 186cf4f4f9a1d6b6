/**
 * RULER's needles in a haystack (arXiv 2404.06654): eight tasks that differ in their parameters alone. The
 * needles' wording, the noise and the parameters are the benchmark's; questions are in our words, since the
 * agent asks them apart from the document.
 */
import { createPairs } from '../documents/vocabulary.ts';
import { type Brief, defineTask, type Draft } from './define-task.ts';
import { fillRoom, hideInHaystack } from './fill-room.ts';
import { repeatNoise } from './noise.ts';
import { randomNumber, randomUuid } from './random-values.ts';
import type { Task } from './task.ts';

type Kind = 'words' | 'numbers' | 'uuids';

interface Needles {
  haystack: 'noise' | 'book' | 'needles';
  keyKind: 'words' | 'uuids';
  valueKind: 'numbers' | 'uuids';
  keys: number;
  /** Per key. */
  values: number;
  /** Keys that are asked for. */
  queries: number;
}

const single: Needles = {
  haystack: 'book',
  keyKind: 'words',
  valueKind: 'numbers',
  keys: 1,
  values: 1,
  queries: 1,
};

/** Where RULER puts needles among sentences: at one of 40 depths each, in per cent, no two at the same. */
const depths = Array.from({ length: 40 }, (_, step) => Math.round((step * 100) / 39) / 100);

export const niahTasks: readonly Task[] = Object.freeze([
  createNiah('niah_single_1', 'one number in repeated noise', { ...single, haystack: 'noise' }),
  createNiah('niah_single_2', 'one number in a book', single),
  createNiah('niah_single_3', 'one uuid in a book', { ...single, valueKind: 'uuids' }),
  createNiah('niah_multikey_1', 'one number of four in a book', { ...single, keys: 4 }),
  createNiah('niah_multikey_2', 'one number among lines that are all needles', {
    ...single,
    haystack: 'needles',
  }),
  createNiah('niah_multikey_3', 'one uuid among lines that are all needles, by a uuid', {
    ...single,
    haystack: 'needles',
    keyKind: 'uuids',
    valueKind: 'uuids',
  }),
  createNiah('niah_multivalue', 'four numbers of one key in a book', { ...single, values: 4 }),
  createNiah('niah_multiquery', 'the numbers of four keys in a book', { ...single, keys: 4, queries: 4 }),
]);

function createNiah(name: string, what: string, needles: Needles): Task {
  return defineTask({
    name,
    description: `RULER: ${what}.`,
    metric: 'string-match-all',
    outputTokens: 128,
    parameters: {},
    draft: (brief) => draftNiah(needles, brief),
  });
}

async function draftNiah(kinds: Needles, brief: Brief): Promise<Draft> {
  const vocabulary = await brief.materials.vocabulary();
  const pairs = createPairs(vocabulary, brief.random('pairs'));
  const random = brief.random('needles');
  const keyAt = (index: number): string => (kinds.keyKind === 'words' ? pairs(index) : randomUuid(random));
  const valueOf = kinds.valueKind === 'numbers' ? randomNumber : randomUuid;

  const keys = Array.from({ length: kinds.keys }, (_, index) => keyAt(index));
  const needles = keys.flatMap((key) =>
    Array.from({ length: kinds.values }, () => ({ key, value: valueOf(random) })),
  );
  const asked = random.sample(keys, kinds.queries);
  const wanted = asked.flatMap((key) => needles.filter((one) => one.key === key));
  const question = questionFor(asked, kinds);

  const placed = random.shuffle(needles);
  const places = kinds.haystack === 'book' ? random.sample(depths, placed.length) : undefined;
  const inserts = placed.map(({ key, value }, index) => ({
    text: needle(key, value, kinds.valueKind),
    depth: places?.[index] ?? random.fraction(),
  }));

  function* lines(): Generator<string> {
    const stream = brief.random('lines');
    for (let index = keys.length; ; index++) {
      const key = kinds.keyKind === 'words' ? pairs(index) : randomUuid(stream);
      yield needle(key, valueOf(stream), kinds.valueKind);
    }
  }

  const { spans, haystack, ...document } =
    kinds.haystack === 'book'
      ? await hideInHaystack(brief, question, inserts)
      : {
          ...fillRoom(brief.room(question), {
            filler: kinds.haystack === 'noise' ? repeatNoise : lines,
            inserts,
            joiner: '\n',
          }),
          haystack: kinds.haystack,
        };
  return {
    question,
    answers: wanted.map(({ value }) => value),
    ...document,
    evidence: spans
      .filter((_, index) => wanted.some((one) => one === placed[index]))
      .toSorted((a, b) => a.start - b.start),
    meta: { haystack },
  };
}

function needle(key: string, value: string, kind: Kind): string {
  return `One of the special magic ${kind} for ${key} is: ${value}.`;
}

function questionFor(keys: readonly string[], { valueKind, values }: Needles): string {
  const list = new Intl.ListFormat('en').format(keys);
  return keys.length * values === 1
    ? `What is the special magic ${valueKind.slice(0, -1)} for ${list} that the text mentions?`
    : `What are all the special magic ${valueKind} for ${list} that the text mentions?`;
}
