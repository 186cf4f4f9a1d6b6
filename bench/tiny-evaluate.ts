/**
 * Accuracy of a tiny model against the length of its documents, read by core's own agent. Goes on where it was
 * stopped: results stand in OUT/results.jsonl, runs in progress in OUT/runs.
 *
 *   npm run bench:tiny-evaluate -- --model packages/train/checkpoints/tiny --out DIR [--lengths 8,64,256,1024]
 *     [--count 64] [--tasks needle,update,values,chain] [--temperature 0.7] [--name NAME] [--no-gate]
 */
import { parseArgs } from 'node:util';
import {
  createTinyModel,
  evaluateTiny,
  summarizeTiny,
  tinyTaskNames,
  tinyTemplate,
  tinyTemplateWithoutGate,
  type TinyTaskName,
} from '@memagent/train';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'packages/train/checkpoints/tiny' },
    out: { type: 'string' },
    name: { type: 'string', default: 'tiny' },
    lengths: { type: 'string', default: '8,64,256,1024' },
    count: { type: 'string', default: '64' },
    tasks: { type: 'string', default: tinyTaskNames.join(',') },
    temperature: { type: 'string', default: '0.7' },
    'no-gate': { type: 'boolean', default: false },
  },
});
if (values.out === undefined) throw new Error('Give a folder for the results: --out DIR');

const { model, close } = await createTinyModel(values.model);
for (const sections of values.lengths.split(',').map(Number)) {
  const startedAt = performance.now();
  const results = await evaluateTiny({
    model,
    name: values.name,
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
