/**
 * Why reinforcement learning makes a tiny model read long documents: the training with one part changed at a time, all
 * from the same warm-up of their seed (without the gate, from one without it), evaluated at 8 to 1,024 sections. The
 * warm-up teaches everything but what to leave alone: the reader that it shows takes a fact about something else every
 * other time. After the published warm-up there is next to nothing left to be learnt. Goes on where it was stopped:
 * every run has its folder under OUT, and so have the results.
 *
 *   npm run bench:tiny-ablations -- --out DIR [--seeds 1,2,3] [--warm-up 400] [--steps 40] [--only base,no-rl]
 *     [--lengths 8,64,256,1024] [--count 32] [--words 16]
 *
 * `--summary` prints the results under OUT, all seeds together: each variant, and what it has more than `base` on the
 * same documents.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pairedBootstrap, wilsonInterval } from '@memagent/eval';
import {
  createTinyModel,
  createTinySetup,
  evaluateTiny,
  listCheckpoints,
  readTinyResults,
  runTraining,
  summarizeTiny,
  type TinyRecipe,
  type TinyResult,
  tinyRecipe,
  tinyTemplate,
  tinyTemplateWithoutGate,
  tinyTraining,
  type TrainingConfigInput,
} from '@memagent/train';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    'warm-up': { type: 'string', default: '400' },
    steps: { type: 'string', default: '40' },
    only: { type: 'string' },
    lengths: { type: 'string', default: '8,64,256,1024' },
    count: { type: 'string', default: '32' },
    words: { type: 'string', default: '16' },
    summary: { type: 'boolean', default: false },
  },
});
if (values.out === undefined) throw new Error('Give a folder for the runs: --out DIR');
const outFolder = values.out;

interface Ablation {
  training?: TrainingConfigInput;
  recipe?: Partial<TinyRecipe>;
}

const always = Number.POSITIVE_INFINITY;
const steps = Number(values.steps);
const words = Number(values.words);
const questionsPerStep = 16;
const warmUpConfig = { ...tinyTraining.warmUp, steps: Number(values['warm-up']) };
/** The first half of the steps reads short documents, of which an undecided reader gets some right. */
const first = { samples: Math.floor(steps / 2) * questionsPerStep, sections: 8 };
const recipeOfAll: Omit<TinyRecipe, 'seed'> = {
  ...tinyRecipe,
  words,
  distractors: 3,
  demonstrations: { size: 128, shortSteps: words === 16 ? always : 200, undecided: true },
  lengths: [first, { samples: always, sections: 32 }],
};
const base: TrainingConfigInput = {
  ...tinyTraining,
  steps,
  questionsPerStep,
  // Several optimiser steps a batch: with one alone no ratio leaves 1, and there is nothing to clip.
  miniBatchQuestions: 4,
  adam: { learningRate: 1e-4, beta2: 0.98 },
  sampling: { temperature: 1 },
  recordEverySteps: 0,
};

/** One change each; `base` has none. */
const ablations: Record<string, Ablation> = {
  base: {},
  'no-rl': { training: { steps: 0 } },
  'answer-only': { training: { advantageOn: 'answer' } },
  'std-division': { training: { stdDivision: true } },
  'even-clip': { training: { loss: { clipLow: 0.2, clipHigh: 0.2 } } },
  'no-gate': { recipe: { hasGate: false } },
  'no-gate-no-rl': { training: { steps: 0 }, recipe: { hasGate: false } },
  '8-sections': { recipe: { lengths: [{ samples: always, sections: 8 }] } },
  '64-sections': { recipe: { lengths: [first, { samples: always, sections: 64 }] } },
  '32-at-once': { recipe: { lengths: [{ samples: always, sections: 32 }] } },
};

const chosen = values.only?.split(',') ?? Object.keys(ablations);
const lengths = values.lengths.split(',').map(Number);
if (values.summary) {
  console.log(summarize(await readTinyResults(join(outFolder, 'results'))));
} else {
  for (const seed of values.seeds.split(',').map(Number)) {
    for (const name of chosen) {
      const ablation = ablations[name];
      if (!ablation) throw new Error(`No ablation ${name}; there are: ${Object.keys(ablations).join(', ')}`);
      await run(name, ablation, seed, join(outFolder, `${name}-${seed}`));
    }
  }
}

/** Shares wholly right with intervals (Wilson), and paired differences from `base` (bootstrap), in percent. */
function summarize(results: readonly TinyResult[]): string {
  /** Scores by seed and document, of one variant at one length. */
  const scoresOf = (variant: string, sections: number): Map<string, number> =>
    new Map(
      results.flatMap(({ name, sections: length, index, score }) => {
        const seed = /^(.+)-(\d+)$/.exec(name);
        return seed?.[1] === variant && length === sections ? [[`${seed[2]} ${index}`, score]] : [];
      }),
    );
  const cell = (variant: string, sections: number): string => {
    const scores = scoresOf(variant, sections);
    if (scores.size === 0) return '';
    const right = scores.values().reduce((sum, score) => sum + Number(score === 1), 0);
    const { low, high } = wilsonInterval(right, scores.size);
    const share = `${percent(right / scores.size)} (${percent(low)} to ${percent(high)})`;
    const pairs = [...scoresOf('base', sections)].filter(([key]) => scores.has(key));
    const own = pairs.map(([key]) => scores.get(key) ?? 0);
    if (variant === 'base' || own.length === 0) return share;
    const from = pairs.map(([, score]) => score);
    const difference = pairedBootstrap(from, own, { seed: 42 });
    return `${share}, ${percent(difference.difference)} (${percent(difference.low)} to ${percent(difference.high)})`;
  };
  return Object.keys(ablations)
    .filter((variant) => lengths.some((sections) => scoresOf(variant, sections).size > 0))
    .map((variant) => {
      const cells = lengths.map((sections) => cell(variant, sections));
      return `| ${[variant, scoresOf(variant, lengths[0] ?? 8).size, ...cells].join(' | ')} |`;
    })
    .join('\n');
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** The checkpoint that a seed's warm-up ends with. */
async function warmUp(seed: number, hasGate: boolean): Promise<string> {
  const out = join(outFolder, `warm-up-${hasGate ? 'gate' : 'no-gate'}-${seed}`);
  const training = { ...tinyTraining, seed, steps: 0, warmUp: warmUpConfig };
  return await train(out, training, { ...recipeOfAll, hasGate, seed });
}

async function run(name: string, { training, recipe }: Ablation, seed: number, out: string): Promise<void> {
  const whole: TinyRecipe = { ...recipeOfAll, ...recipe, seed };
  const from = await warmUp(seed, whole.hasGate);
  const config = { ...base, ...training, seed, warmUp: { steps: 0 } };
  const checkpoint = config.steps === 0 ? from : await train(out, config, whole, from);
  const { model, close } = await createTinyModel(checkpoint);
  for (const sections of lengths) {
    const results = await evaluateTiny({
      model,
      name: `${name}-${seed}`,
      template: whole.hasGate ? tinyTemplate : tinyTemplateWithoutGate,
      tasks: whole.tasks,
      sections,
      words,
      count: Number(values.count),
      temperature: 0.7,
      topP: 0.95,
      out: join(outFolder, 'results'),
    });
    console.log(`${name} ${seed}: ${summarizeTiny(results)[0]}`);
  }
  await close();
}

/** Trains, or goes on training; returns the folder of the last checkpoint. */
async function train(
  out: string,
  config: TrainingConfigInput,
  recipe: TinyRecipe,
  from?: string,
): Promise<string> {
  const { setup, close } = await createTinySetup(recipe);
  const start = from === undefined ? {} : { from };
  for await (const event of runTraining({ name: 'tiny', setup, config, out, resume: true, ...start })) {
    if (event.type !== 'step-end' || event.metrics.step % 20 !== 0) continue;
    console.log(`${out}: step ${event.metrics.step}, reward ${event.metrics.reward.toFixed(3)}`);
  }
  await close();
  const last = (await listCheckpoints(out)).at(-1);
  if (!last) throw new Error(`${out} has no checkpoint`);
  return last.folder;
}
