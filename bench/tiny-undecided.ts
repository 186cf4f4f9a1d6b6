/**
 * Makes the model that the smoke preset begins with: the shipped tiny model, taught in 150 supervised steps to take
 * a fact about something else as often as to leave it alone. Goes on where it was stopped.
 *
 *   npm run bench:tiny-undecided -- --out DIR [--from packages/train/checkpoints/tiny]
 *
 * The last checkpoint under DIR, without the optimiser's state, is packages/train/checkpoints/undecided.
 */
import { parseArgs } from 'node:util';
import { createTinySetup, runTraining, smokeRecipe } from '@memagent/train';

const { values } = parseArgs({
  options: { out: { type: 'string' }, from: { type: 'string', default: 'packages/train/checkpoints/tiny' } },
});
if (values.out === undefined) throw new Error('Give a folder for the run: --out DIR');

const seed = 42;
const { setup, close } = await createTinySetup({ ...smokeRecipe, seed, weights: values.from });
const warmUp = { steps: 150, learningRate: 3e-4, schedule: { kind: 'linear', endFactor: 0.05 } } as const;
const config = { seed, steps: 0, adam: { beta2: 0.98 }, warmUp };
for await (const event of runTraining({ name: 'undecided', setup, config, out: values.out, resume: true })) {
  if (event.type !== 'step-end' || event.metrics.step % 50 !== 0) continue;
  const { step, loss, entropy } = event.metrics;
  console.log(`step ${step}: loss ${loss.toFixed(3)}, entropy ${entropy.toFixed(3)}`);
}
await close();
