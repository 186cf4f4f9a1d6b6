/**
 * Cross-fitting: trains once for each fold, on everything but the fold's questions and paragraphs, so that every
 * question is tested by weights that saw neither it nor the text around it.
 *
 *     node --conditions=@memagent/source packages/train/src/evidence/train-evidence-folds.ts --out FOLDER
 *
 * Writes the runs FOLDER/fold-0 to FOLDER/fold-4 (`--only 0,3`: these alone); started again, it goes on where it
 * stopped. `--every 50` keeps a checkpoint of every 50th step, for a learning curve. `--config JSON` changes settings
 * of the recipe: `{"warmUp":{"steps":0},"steps":120}` is reinforcement learning alone, from the untrained rule on.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTraining } from '../trainer/run-training.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import { evidenceFolds, loadEvidenceData, selectFold } from './evidence-data.ts';
import { createEvidenceSetup, evidenceConfig } from './evidence-setup.ts';

const {
  out,
  seed = '42',
  only,
  every,
  config = '{}',
} = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    every: { type: 'string' },
    config: { type: 'string' },
  },
}).values;
if (out === undefined) throw new Error('Give a folder for the runs with --out FOLDER.');

const data = await loadEvidenceData();
const folds = only?.split(',').map(Number) ?? Array.from({ length: evidenceFolds }, (_, fold) => fold);
for (const fold of folds) {
  const setup = await createEvidenceSetup(selectFold(data, fold, 'train'), Number(seed), `fold-${fold}`);
  const run = runTraining({
    name: 'evidence',
    setup,
    config: {
      ...evidenceConfig,
      ...(JSON.parse(config) as TrainingConfigInput),
      seed: Number(seed),
      ...(every === undefined ? {} : { checkpointEverySteps: Number(every), keepCheckpoints: 1000 }),
    },
    out: join(out, `fold-${fold}`),
    resume: true,
  });
  for await (const event of run) {
    if (event.type !== 'step-end') continue;
    const { step, phase, reward, elapsedMs } = event.metrics;
    if (phase === 'rl' || step % 50 === 0)
      console.log(
        `fold ${fold} ${phase} ${step}: reward ${reward.toFixed(3)}, ${Math.round(elapsedMs / 1000)} s`,
      );
  }
  await setup.backend.close();
}
