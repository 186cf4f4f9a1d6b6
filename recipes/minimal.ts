/**
 * Multi-Conv DAPO (MemAgent, arXiv 2507.02259) in one file, to be read from top to bottom: a policy of three
 * weights learns, from the correctness of the final answer alone, what is worth overwriting the memory for.
 * The library does the same with options, checkpoints and larger policies: packages/train, docs/training.md.
 *
 * Run it: `node --conditions=@memagent/source recipes/minimal.ts`, with a seed behind it if you like.
 */
import { createMemoryRunStore, noUsage, read, type Reader, type Tokenizer } from 'memagent';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

// --- What is trained on, and how ---------------------------------------------------------------------------

const steps = 20;
const questionsPerStep = 12;
const miniBatchQuestions = 6; // Two optimiser steps on each batch: the second one needs the clip.
const rolloutsPerQuestion = 8; // A group.
const mostDraws = 24; // Questions drawn at most for one batch.
const clip = { low: 0.2, high: 0.28 }; // Clip-higher: what is rare may grow by more than what is common may shrink.
const learningRate = 0.2;

const random = xoroshiro128plus(Number(process.argv[2] ?? 1));
const chance = (): number => uniformFloat64(random);
const pick = <Item>(items: readonly Item[]): Item => items[uniformInt(random, 0, items.length - 1)]!;

// --- The task: a number that stands in one of 6 to 12 sections ---------------------------------------------

interface Sample {
  question: string;
  document: string;
  answer: string;
}

const people = ['the baker', 'the tailor', 'the miller', 'the potter', 'the weaver', 'the joiner'];
const things = ['house', 'lucky', 'ticket', 'locker', 'garden', 'parish'];

function drawSample(): Sample {
  const person = pick(people);
  const thing = pick(things);
  const sections = Array.from({ length: uniformInt(random, 6, 12) }, () => {
    const [who, what] = [pick(people), pick(things)];
    // The same thing of somebody else, and something else of the same person, stand in the text as well.
    return sectionAbout(who, what === thing && who === person ? 'cellar' : what, drawNumber());
  });
  const answer = drawNumber();
  sections[uniformInt(random, 0, sections.length - 1)] = sectionAbout(person, thing, answer);
  return { question: `What is the ${thing} number of ${person}?`, document: sections.join(''), answer };
}

const drawNumber = (): string => String(uniformInt(random, 1000, 9999));

/** Fourteen words: in a section of at most sixteen there is room for one such line, and not for a second. */
function sectionAbout(who: string, what: string, value: string): string {
  return `The chronicle says that the ${what} number of ${who} was ${value} that year.\n`;
}

const words = (text: string): string[] => text.match(/\S+/g) ?? [];
const tokenizer: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => words(text).length,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words(content).length, 0),
};

// --- The policy: the probability that the section overwrites the memory ------------------------------------

/** What the policy sees: a constant, and how many words the section and the memory share with the question. */
type Observation = readonly number[];
const keep = 0;
const overwrite = 1;
const weights = [0, 0, 0];

function observe(question: string, memory: string, section: string): Observation {
  const asked = new Set(words(question.replace('?', '')));
  const shared = (text: string): number => new Set(words(text)).intersection(asked).size;
  return [1, shared(section) - 4, shared(memory) - 4];
}

function probability(observation: Observation, action: number): number {
  const logit = observation.reduce((sum, feature, index) => sum + feature * weights[index]!, 0);
  return 1 / (1 + Math.exp(action === overwrite ? -logit : logit));
}

// --- A rollout: one reading by the agent that people use, and what the policy did in it ---------------------

/** One conversation: a fresh observation, the action taken, and its probability when it was taken (pi_old). */
interface Conversation {
  observation: Observation;
  action: number;
  oldProbability: number;
}

interface Rollout {
  conversations: Conversation[];
  reward: number;
}

function createReader(record: (conversation: Conversation) => void): Reader {
  return {
    name: 'minimal',
    settings: {},
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),
    update: async ({ question, memory, section }) => {
      const observation = observe(question, memory.text, section.text);
      const action = chance() < probability(observation, overwrite) ? overwrite : keep;
      record({ observation, action, oldProbability: probability(observation, action) });
      const text = action === overwrite ? section.text.trim() : memory.text;
      return { memory: { text }, outcome: action === overwrite ? 'updated' : 'kept', usage: noUsage };
    },
    merge: () => Promise.reject(new Error('The memory strategy merges nothing.')),
    // Answering is a rule here, so there is nothing to learn in it: the number that the memory holds.
    answer: async ({ memory }) => ({
      text: /\d{4}/.exec(memory.text)?.[0] ?? '',
      found: true,
      usage: noUsage,
    }),
  };
}

async function rollOut({ question, document, answer }: Sample): Promise<Rollout> {
  const conversations: Conversation[] = [];
  const reader = createReader((conversation) => conversations.push(conversation));
  const budgets = { sectionTokens: 16, memoryTokens: 16 };
  const store = createMemoryRunStore();
  const result = await read({ question, source: document, reader, tokenizer, ...budgets, store }).result;
  return { conversations, reward: result.answer === answer ? 1 : 0 };
}

async function rollOutGroup(): Promise<Rollout[]> {
  const sample = drawSample();
  const group: Rollout[] = [];
  while (group.length < rolloutsPerQuestion) group.push(await rollOut(sample));
  return group;
}

// --- The algorithm -----------------------------------------------------------------------------------------

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const isUseful = (group: readonly Rollout[]): boolean =>
  group.some(({ reward }) => reward !== group[0]!.reward);

/** The gradient of the clipped surrogate over the groups that one optimiser step consumes, to be descended. */
function gradientOf(groups: readonly Rollout[][]): number[] {
  // Token-mean: every action of every conversation of every rollout counts the same. N is counted once.
  const count = groups.flat().reduce((sum, { conversations }) => sum + conversations.length, 0);
  const gradient = weights.map(() => 0);
  for (const group of groups) {
    const baseline = mean(group.map(({ reward }) => reward));
    for (const { conversations, reward } of group) {
      const advantage = reward - baseline; // Not divided by the standard deviation.
      // Multi-Conv: the final answer's advantage goes to every conversation that led to it.
      for (const { observation, action, oldProbability } of conversations) {
        const now = probability(observation, action);
        const ratio = now / oldProbability;
        if (advantage > 0 ? ratio > 1 + clip.high : ratio < 1 - clip.low) continue; // Clipped: it is flat there.
        const scale = (-advantage * ratio * (action === overwrite ? 1 - now : now - 1)) / count;
        for (const [index, feature] of observation.entries()) gradient[index]! += scale * feature;
      }
    }
  }
  return gradient;
}

const moments = weights.map(() => ({ first: 0, second: 0 }));
let optimSteps = 0;

/** One step of Adam. */
function optimStep(gradient: readonly number[]): void {
  optimSteps += 1;
  for (const [index, moment] of moments.entries()) {
    moment.first = 0.9 * moment.first + 0.1 * gradient[index]!;
    moment.second = 0.99 * moment.second + 0.01 * gradient[index]! ** 2;
    const first = moment.first / (1 - 0.9 ** optimSteps);
    const second = moment.second / (1 - 0.99 ** optimSteps);
    weights[index]! -= (learningRate * first) / (Math.sqrt(second) + 1e-8);
  }
}

for (let step = 1; step <= steps; step += 1) {
  const kept: Rollout[][] = [];
  const rewards: number[] = [];
  let drawn = 0;
  // Dynamic sampling: a group whose rewards are all equal has no gradient; another question is drawn instead.
  for (; kept.length < questionsPerStep && drawn < mostDraws; drawn += 1) {
    const group = await rollOutGroup();
    rewards.push(...group.map(({ reward }) => reward));
    if (isUseful(group)) kept.push(group);
  }
  // A group is never split: its advantages are relative to each other.
  for (let start = 0; start < kept.length; start += miniBatchQuestions) {
    optimStep(gradientOf(kept.slice(start, start + miniBatchQuestions)));
  }
  const values = weights.map((weight) => weight.toFixed(2)).join(' ');
  console.log(
    `step ${step}  reward ${mean(rewards).toFixed(3)}  groups ${kept.length}/${drawn}  weights ${values}`,
  );
}
