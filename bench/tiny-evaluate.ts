/**
 * Accuracy of a tiny model against the length of its documents, read by core's own agent. Goes on where it was
 * stopped: results stand in OUT/results.jsonl, runs in progress in OUT/runs.
 *
 *   npm run bench:tiny-evaluate -- --model packages/train/checkpoints/tiny --out DIR [--lengths 8,64,256,1024]
 *     [--count 64] [--tasks needle,update] [--temperature 0.7] [--no-gate]
 *
 * Results are kept by the hash of the model's weights, so that several models can share a folder.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  createTinyModel,
  evaluateTiny,
  summarizeTiny,
  tinyRecipe,
  tinyTemplate,
  tinyTemplateWithoutGate,
  type TinyTaskName,
} from '@memagent/train';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'packages/train/checkpoints/tiny' },
    out: { type: 'string' },
    lengths: { type: 'string', default: '8,64,256,1024' },
    count: { type: 'string', default: '64' },
    tasks: { type: 'string', default: tinyRecipe.tasks.join(',') },
    temperature: { type: 'string', default: '0.7' },
    'no-gate': { type: 'boolean', default: false },
  },
});
if (values.out === undefined) throw new Error('Give a folder for the results: --out DIR');

const weights = await readFile(join(values.model, 'model.safetensors'));
const name = createHash('sha256').update(weights).digest('hex').slice(0, 12);
const { model, close } = await createTinyModel(values.model);
for (const sections of values.lengths.split(',').map(Number)) {
  const startedAt = performance.now();
  const results = await evaluateTiny({
    model,
    name,
    template: values['no-gate'] ? tinyTemplateWithoutGate : tinyTemplate,
    tasks: values.tasks.split(',') as TinyTaskName[],
    sections,
    count: Number(values.count),
    temperature: Number(values.temperature),
    topP: 0.95,
    out: values.out,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  for (const line of summarizeTiny(results)) console.log(`${line}  (${seconds} s)`);
}
await close();
