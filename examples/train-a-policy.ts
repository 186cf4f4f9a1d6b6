/**
 * Trains a policy of your own: at each section it decides whether the section is worth overwriting the memory for.
 * An engine, a reader that asks it, samples, and how they are read; the algorithm is the library's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@memagent/eval';
import {
  createAgentWorkflow,
  type Policy,
  type RolloutSampling,
  runTraining,
  type Sample,
  writeTrainingReport,
} from '@memagent/train';
import { createLinearBackend } from '@memagent/train/testing';
import { noUsage, type Reader, type Tokenizer } from 'memagent';

const words = (text: string): string[] => text.match(/\w+/g) ?? [];
const tokenizer: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => words(text).length,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words(content).length, 0),
};

// The engine: a softmax over two actions, keep and overwrite, linear in three numbers. Action 0 keeps.
const backend = createLinearBackend({ features: 3, actions: 2, seed: 1 });
type Observation = readonly number[];

/** A constant, and how many of the question's words stand in the section and in the memory. */
function observe(question: string, section: string, memory: string): Observation {
  const asked = new Set(words(question));
  const shared = (text: string): number => new Set(words(text)).intersection(asked).size;
  return [1, shared(section) - 4, shared(memory) - 4];
}

function createReader({
  temperature,
  topP,
  seed,
  sampler = backend,
  record,
}: RolloutSampling<Observation>): Reader {
  return {
    name: 'gate',
    settings: {},
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),
    async update({ question, memory, section }, { step, signal }) {
      const observation = observe(question, section.text, memory.text);
      const draw = createRandom(`${seed}/${step}`).between(0, 2 ** 31 - 1);
      const request = { observation, maxActions: 1, temperature, topP, seed: draw, signal };
      const { actions, logprobs } = await sampler.sample(request);
      record({ step, observation, actions, logprobs, isAnswer: false });
      return actions[0] === 0
        ? { memory, outcome: 'kept', usage: noUsage }
        : { memory: { text: section.text.trim() }, outcome: 'updated', usage: noUsage };
    },
    merge: () => Promise.reject(new Error('The memory strategy merges nothing.')),
    answer: async ({ memory }) => ({
      text: /\d{4}/.exec(memory.text)?.[0] ?? '',
      found: true,
      usage: noUsage,
    }),
  };
}

const policy: Policy<Observation> = {
  backend,
  createReader,
  describe: ({ observation, actions }) => ({
    observation: `words shared with the question: section ${observation[1]! + 4}, memory ${observation[2]! + 4}`,
    action: actions[0] === 0 ? 'keep' : 'overwrite',
  }),
};

/** One of eight sections tells the number that is asked for. */
function sampleAt(position: number): Sample {
  const random = createRandom(`sample ${position}`);
  const names = ['baker', 'tailor', 'miller', 'potter', 'weaver', 'joiner', 'cooper', 'fuller'] as const;
  const wanted = random.pick(names);
  const answer = String(random.between(1000, 9999));
  const lines = random.shuffle(names).map((name) => {
    const value = name === wanted ? answer : String(random.between(1000, 9999));
    return `The chronicle says that the house number of the ${name} was ${value} that year.\n`;
  });
  return {
    id: `houses/${position}`,
    task: 'houses',
    question: `What is the house number of the ${wanted}?`,
    answers: [answer],
    metric: 'exact-match',
    outputTokens: 1,
    async *document() {
      yield* lines;
    },
    tokens: 14 * lines.length,
    evidence: [],
    meta: {},
  };
}

// A section of at most 16 words has room for one line.
const workflow = createAgentWorkflow({ tokenizer, sectionTokens: 16, memoryTokens: 16 });
const out = await mkdtemp(join(tmpdir(), 'memagent-example-'));
const config = { steps: 15, miniBatchQuestions: 8, adam: { learningRate: 0.2 } };
for await (const event of runTraining({
  name: 'houses',
  setup: { policy, sampleAt, workflow },
  config,
  out,
})) {
  if (event.type !== 'step-end') continue;
  const { step, reward, groupsKept, groupsDrawn } = event.metrics;
  console.log(`step ${step}  reward ${reward.toFixed(3)}  groups ${groupsKept}/${groupsDrawn}`);
}
const page = await writeTrainingReport({ run: out, out: join(out, 'report.html') });
console.log(`the page of the run: ${page.file}`);
// Yours to keep; the example leaves nothing behind.
await rm(out, { recursive: true });
