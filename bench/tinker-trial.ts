/**
 * A trial of a server of the Tinker API that has a model with the tiny tokenizer, such as SkyRL with the model of
 * `packages/train/scripts/random-qwen3.py`: Multi-Conv DAPO over documents of two sections. A model of random weights
 * answers nothing, so the reward is one that it can find: the share of the answer's words that are filler words.
 *
 *     npm run bench:tinker-trial -- URL MODEL FOLDER [STEPS]
 *
 * The files of the tiny tokenizer are in any checkpoint of the tiny model. FOLDER gets the run.
 */
import { createTinySetup, openTinkerEngine, readUsage, runTraining, tinyRecipe } from '@memagent/train';

const [baseUrl = '', baseModel = '', out = '', steps = '30'] = process.argv.slice(2);

/** Those of the tiny language. */
const fillerWords = new Set(
  (
    'rain fell over green hills while birds sang and boats went home slow rivers turn under stone bridges ' +
    'near old mills where grain was ground by water wheels each autumn until winter came with snow'
  ).split(' '),
);

const engine = await openTinkerEngine({
  connection: { baseUrl, apiKey: 'tml-trial' },
  baseModel,
  lora: { rank: 8 },
  onNotice: (message) => console.log(message),
});
const { setup, close } = await createTinySetup(
  {
    ...tinyRecipe,
    seed: 42,
    tasks: ['needle'],
    lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 2 }],
  },
  engine,
);
const run = runTraining({
  name: 'trial',
  setup: {
    ...setup,
    reward: ({ result }) => {
      const words = result.answer.split(' ');
      return words.filter((word) => fillerWords.has(word)).length / words.length;
    },
  },
  config: {
    steps: Number(steps),
    questionsPerStep: 4,
    rolloutsPerQuestion: 4,
    rolloutConcurrency: 4,
    // The engine may average where others add up: then gradients are tiny.
    adam: { learningRate: 5e-3, beta2: 0.98, epsilon: 1e-12 },
    checkpointEverySteps: 10,
  },
  out,
});
for await (const event of run) {
  if (event.type === 'checkpoint-saved') console.log(`checkpoint ${event.step}`);
  if (event.type !== 'step-end') continue;
  const { step, reward, entropy, gradientNorm, conversations, actions, elapsedMs } = event.metrics;
  console.log(
    `step ${step}  reward ${reward.toFixed(3)}  surprise ${entropy.toFixed(2)}  gradient ${gradientNorm.toExponential(1)}  ${conversations} conversations, ${actions} actions  ${(elapsedMs / 1000).toFixed(0)} s`,
  );
}
console.log(JSON.stringify(await readUsage(out)));
await close();
