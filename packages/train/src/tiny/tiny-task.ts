/**
 * The tasks of the tiny language: documents of sections of 56 words, with facts such as `K is V .` between words
 * that mean nothing, up to three distractors in each section, and a question about one name:
 *
 *   needle   `find K`    one fact about K
 *   update   `last K`    two or three facts about K; the last one counts
 *   values   `all K`     two facts about K; both values are wanted
 *   chain    `chain K`   `K is A`, in a later section `A is B`, perhaps `B is C`; the end of the chain is wanted
 *
 * No section holds two facts of an answer. Everything follows from the seed and the index; the question and the
 * facts of an index are the same at every length.
 */
import { createRandom, type EvalItem, type MetricName, type Random } from '@memagent/eval';
import { fillerWords, names } from './vocabulary.ts';

export type TinyTaskName = 'needle' | 'update' | 'values' | 'chain';

/** All of them. */
export const tinyTaskNames: readonly TinyTaskName[] = ['needle', 'update', 'values', 'chain'];

/** A sentence of a document that says something. */
export interface Fact {
  key: string;
  value: string;
}

/** One question with its document, before it is text. */
export interface TinyTask {
  name: TinyTaskName;
  question: string;
  answers: readonly string[];
  sections: number;
  /** The facts that stand in a section (from 0), distractors included, in their order. */
  factsOf(section: number): Fact[];
  textOf(section: number): string;
}

export interface TinyTaskRequest {
  name: TinyTaskName;
  sections: number;
  seed: number;
  index: number;
  /** Words of each section, at least 14. Default: {@link sectionWords}. */
  words?: number;
  /** Facts that the question asks about. Default: those that the task is about; with 0 it has no answer. */
  facts?: number;
  /** Most distractors of a section. Default 3. */
  distractors?: number;
}

/** Words of a section, and so its tokens. */
export const sectionWords = 56;

const questionWords = { needle: 'find', update: 'last', values: 'all', chain: 'chain' } as const;

/** Makes a task. A document of fewer sections than there are facts has only the first of them. */
export function createTinyTask({
  name,
  sections,
  seed,
  index,
  words = sectionWords,
  facts: wantedFacts,
  distractors: mostDistractors = 3,
}: TinyTaskRequest): TinyTask {
  const key = `tiny/${name}/${seed}/${index}`;
  const random = createRandom(key);
  const chosen = random.sample(names, 4);
  const [subject = '', ...others] = chosen;
  const usual = name === 'needle' ? 1 : name === 'values' ? 2 : random.between(2, 3);
  const wanted = wantedFacts ?? usual;
  const values = others.slice(0, Math.min(wanted, sections));
  const facts = values.map((value, hop) => ({
    key: name === 'chain' ? (chosen[hop] ?? '') : subject,
    value,
  }));
  const places = placesFor(facts.length, sections, createRandom(`${key}/places/${sections}`));
  // Names that no distractor may tell anything about.
  const reserved = new Set(name === 'chain' ? chosen : [subject]);

  function layOut(section: number): { facts: Fact[]; text: string } {
    const own = createRandom(`${key}/${sections}/${section}`);
    const wantedHere = facts.filter((_, which) => places[which] === section);
    const distractors = Array.from(
      { length: own.between(0, Math.min(mostDistractors, Math.floor((words - 2) / 4) - 1)) },
      () => ({
        key: pickOther(own, reserved),
        value: own.pick(names),
      }),
    );
    const here = own.shuffle([...wantedHere, ...distractors]);
    return { facts: here, text: writeSection(here, words, own) };
  }

  return {
    name,
    question: `${questionWords[name]} ${subject}`,
    answers: name === 'values' ? values : values.slice(-1),
    sections,
    factsOf: (section) => layOut(section).facts,
    textOf: (section) => layOut(section).text,
  };
}

/** The task as an item of the evaluation package. */
export function createTinyItem(request: TinyTaskRequest): EvalItem {
  const task = createTinyTask(request);
  const { name, sections, seed, index, words = sectionWords } = request;
  const metric: MetricName = name === 'values' ? 'string-match-all' : 'exact-match';
  return {
    id: `tiny_${name}/${sections}/${seed}/${index}`,
    task: `tiny_${name}`,
    question: task.question,
    answers: task.answers,
    metric,
    outputTokens: 16,
    async *document() {
      for (let section = 0; section < sections; section++) yield task.textOf(section);
    },
    tokens: sections * words,
    evidence: [],
    meta: { sections, seed },
  };
}

/** Different sections, in order. */
function placesFor(count: number, sections: number, random: Random): number[] {
  const places = new Set<number>();
  while (places.size < count) places.add(random.between(0, sections - 1));
  return [...places].toSorted((a, b) => a - b);
}

function pickOther(random: Random, reserved: ReadonlySet<string>): string {
  for (;;) {
    const name = random.pick(names);
    if (!reserved.has(name)) return name;
  }
}

/** Facts in their order between sentences of filler words, `words` words in all, as a paragraph. */
export function writeSection(facts: readonly Fact[], words: number, random: Random): string {
  const sentences = fillerSentences(words - 4 * facts.length, random);
  const places = facts.map(() => random.between(0, sentences.length)).toSorted((a, b) => b - a);
  for (const [index, { key, value }] of facts.toReversed().entries()) {
    sentences.splice(places[index] ?? 0, 0, `${key} is ${value}.`);
  }
  return `${sentences.join(' ')}\n\n`;
}

/** Sentences that mean nothing, `words` words in all, full stops included. */
function fillerSentences(words: number, random: Random): string[] {
  const sentences: string[] = [];
  for (let rest = words; rest > 0;) {
    const length = rest <= 9 ? rest : random.between(4, 8);
    // A sentence needs a word and a stop; a rest of one would be a stop alone.
    const taken = rest - length === 1 ? length - 1 : length;
    sentences.push(`${Array.from({ length: taken - 1 }, () => random.pick(fillerWords)).join(' ')}.`);
    rest -= taken;
  }
  return sentences;
}
