/**
 * The smallest task that needs a memory: one of a few sections tells the number that is asked for, and the policy
 * decides at each whether the section overwrites the memory, and at the end whether to say what it remembers.
 * With the linear backend it is learned in seconds, through core's own agent.
 */
import { noUsage, type Reader, type StepContext, type Tokenizer } from '@memagent/core';
import { createRandom } from '@memagent/eval';
import type { TrainingBackend } from '../backend/backend.ts';
import type { Sample } from '../glossary.ts';
import type { Policy, RolloutSampling } from '../policy/policy.ts';
import type { Workflow } from '../policy/workflow.ts';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import { drawSeed } from '../rollout/draw-seed.ts';
import type { Demonstration, TrainingSetup } from '../trainer/training-setup.ts';
import type { Features } from './linear-backend.ts';

/** Sizes of the linear backend that this task needs. */
export const gateShape = { features: 4, actions: 3 };

const act = 1;
const things = ['house', 'lucky', 'ticket', 'locker', 'garden'];

/** Counts words; sections of 16 have room for one line of a document and not for two. */
export const wordTokenizer: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => words(text).length,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words(content).length, 0),
};

/** The policy: reads with the backend's decisions. */
export function createGatePolicy(backend: TrainingBackend<Features>): Policy<Features> {
  return {
    backend,
    createReader: (rollout) => createGateReader(backend, rollout),
    describe: ({ observation, actions }) => ({
      observation: observation.join(' '),
      action: actions.join(' '),
    }),
  };
}

function createGateReader(
  backend: TrainingBackend<Features>,
  { temperature, topP, seed, sampler = backend, record }: RolloutSampling<Features>,
): Reader {
  /** Whether the policy acts: overwrites the memory, or gives it as the answer. */
  async function decide(observation: Features, { step, signal }: StepContext): Promise<boolean> {
    const { actions, logprobs } = await sampler.sample({
      observation,
      maxActions: 2,
      temperature,
      topP,
      seed: drawSeed(`${seed}/${step}`),
      signal,
    });
    record({ step, observation, actions, logprobs, isAnswer: step === 'answer' });
    return actions[0] === act;
  }

  return {
    name: 'gate',
    settings: {},
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),
    async update({ question, memory, section }, context) {
      const observation = observe({
        isTelling: section.text.includes(thingIn(question)),
        memory: memory.text,
      });
      const overwrites = await decide(observation, context);
      return {
        memory: overwrites ? { text: (/\d+/.exec(section.text) ?? [''])[0] } : memory,
        outcome: overwrites ? 'updated' : 'kept',
        usage: { ...noUsage },
      };
    },
    merge: () => Promise.reject(new Error('The gate task has no merges.')),
    async answer({ memory }, context) {
      const says = await decide([0, 0, memory.text === '' ? 0 : 1, 1], context);
      const text = says && memory.text !== '' ? memory.text : 'not found';
      return { text, found: text === memory.text, usage: { ...noUsage } };
    },
  };
}

function observe({ isTelling, memory }: { isTelling: boolean; memory: string }): Features {
  return [1, isTelling ? 1 : 0, memory === '' ? 0 : 1, 0];
}

/** Core's agent, with sections of one line. */
export function createGateWorkflow(): Workflow {
  return createAgentWorkflow({
    tokenizer: wordTokenizer,
    sectionTokens: 16,
    memoryTokens: 16,
    outputTokens: 16,
  });
}

/** The sample at a position: a document of 2 to 5 sections. */
export function gateSampleAt(seed: number): (position: number) => Sample {
  return (position) => {
    const random = createRandom(`${seed}/gate/${position}`);
    const [wanted, ...others] = random.shuffle(things) as [string, ...string[]];
    const answer = String(random.between(1000, 9999));
    const lines = random.shuffle([
      lineAbout(wanted, answer),
      ...others
        .slice(0, random.between(1, 4))
        .map((thing) => lineAbout(thing, String(random.between(1000, 9999)))),
    ]);
    const text = lines.join('');
    const start = text.indexOf(answer);
    return {
      id: `gate/${position}`,
      task: 'gate',
      question: `What is the ${wanted} number?`,
      answers: [answer],
      metric: 'exact-match',
      outputTokens: 4,
      async *document() {
        yield text;
      },
      tokens: wordTokenizer.count(text),
      evidence: [{ start, end: start + answer.length }],
      meta: {},
    };
  };
}

/** What to do, shown: overwrite at the section that tells, keep at the others, say what is remembered. */
export function gateDemonstrationsAt(seed: number): (step: number) => Demonstration<Features>[] {
  return (step) => {
    const random = createRandom(`${seed}/gate-demonstrations/${step}`);
    return Array.from({ length: 8 }, () => {
      const isTelling = random.fraction() < 0.5;
      const memory = random.fraction() < 0.5 ? '' : '1234';
      if (random.fraction() < 0.3) return { observation: [0, 0, 1, 1], actions: [act, 0] };
      return { observation: observe({ isTelling, memory }), actions: isTelling ? [act, 0] : [0] };
    });
  };
}

/** All of it, for `train`. */
export function createGateSetup(backend: TrainingBackend<Features>, seed: number): TrainingSetup<Features> {
  return {
    policy: createGatePolicy(backend),
    sampleAt: gateSampleAt(seed),
    demonstrationsAt: gateDemonstrationsAt(seed),
    workflow: createGateWorkflow(),
  };
}

/** Fifteen words. */
function lineAbout(thing: string, value: string): string {
  return `The old chronicle of the town says that the ${thing} number was ${value} that year.\n`;
}

function thingIn(question: string): string {
  return `the ${/the (\w+) number/.exec(question)?.[1]} number`;
}

function words(text: string): string[] {
  return text.match(/\S+/g) ?? [];
}
