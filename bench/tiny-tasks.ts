/**
 * The published recipe of the tiny model on other tasks than the published ones: several values, and a chain of names
 * over sections. Goes on where it was stopped; `bench:tiny-evaluate -- --model CHECKPOINT --tasks …` reads with it.
 *
 *   npm run bench:tiny-tasks -- --out DIR [--tasks needle,update,values,chain] [--seed 1] [--warm-up 2000] [--steps 30]
 */
import { parseArgs } from 'node:util';
import {
  createTinySetup,
  listCheckpoints,
  runTraining,
  tinyRecipe,
  tinyTaskNames,
  tinyTraining,
  type TinyTaskName,
} from '@memagent/train';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    tasks: { type: 'string', default: tinyTaskNames.join(',') },
    seed: { type: 'string', default: '1' },
    'warm-up': { type: 'string', default: String(tinyTraining.warmUp?.steps) },
    steps: { type: 'string', default: String(tinyTraining.steps) },
  },
});
const { out } = values;
if (out === undefined) throw new Error('Give a folder for the run: --out DIR');

const seed = Number(values.seed);
const tasks = values.tasks.split(',') as TinyTaskName[];
const { setup, close } = await createTinySetup({ ...tinyRecipe, seed, tasks });
const warmUp = { ...tinyTraining.warmUp, steps: Number(values['warm-up']) };
const config = { ...tinyTraining, seed, steps: Number(values.steps), warmUp };
for await (const event of runTraining({ name: 'tiny', setup, config, out, resume: true })) {
  if (event.type !== 'step-end') continue;
  const { step, phase, loss, reward } = event.metrics;
  if (phase === 'warm-up' && step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}`);
  if (phase === 'rl') console.log(`step ${step}: reward ${reward.toFixed(3)}`);
}
await close();
console.log((await listCheckpoints(out)).at(-1)?.folder);
