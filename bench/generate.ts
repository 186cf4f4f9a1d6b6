/**
 * Tokens generated per second for each task (planned and counted, then made again as a reader would), and the
 * most memory that a process needs for it. Each measurement is a process of its own, with a heap of 128 MB.
 *
 *   node --conditions=@memagent/source bench/generate.ts [tokens …] [--tasks a,b] [--data FOLDER]
 *
 * FOLDER holds `squad.jsonl.gz` and `pool_squad.jsonl.gz`, and the same for the other question sets; without it
 * they are made up, 200 paragraphs each. Lengths are 1,048,576 and 10,485,760 by default, tokens o200k_base's.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { selectTokenizer } from '../packages/core/src/tokenizer/select-tokenizer.ts';
import {
  createMaterials,
  type Materials,
  type QuestionSetName,
} from '../packages/eval/src/documents/materials.ts';
import { findTask, tasks } from '../packages/eval/src/tasks/find-task.ts';
import { sampleQuestions } from '../packages/eval/src/tasks/sample-questions.ts';

interface Measurement {
  tokens: number;
  planMs: number;
  streamMs: number;
  residentMb: number;
}

/** What may live in a measured process at once; more free heap would only show how seldom V8 collects. */
const heapMb = 128;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string', default: tasks.map(({ name }) => name).join(',') },
    data: { type: 'string' },
    child: { type: 'boolean', default: false },
  },
});
const lengths = positionals.length > 0 ? positionals.map(Number) : [1_048_576, 10_485_760];
const names = values.tasks.split(',');

if (values.child) console.log(JSON.stringify(await measure(names[0] ?? '', lengths[0] ?? 0)));
else console.table(await measureAll());

async function measureAll(): Promise<Record<string, Record<string, number | string>>> {
  const rows: Record<string, Record<string, number | string>> = {};
  for (const name of names) {
    const row: Record<string, number | string> = {};
    for (const length of lengths) {
      const { tokens, planMs, streamMs, residentMb } = await measureInChild(name, length);
      const label = `${(length / 1_048_576).toFixed(1)}M`;
      row[`${label}: below`] = length - tokens;
      row[`${label}: planned k tokens/s`] = Math.round(tokens / planMs);
      row[`${label}: streamed k tokens/s`] = Math.round(tokens / streamMs);
      row[`${label}: resident MB`] = residentMb;
    }
    rows[name] = row;
    console.error(name, JSON.stringify(row));
  }
  return rows;
}

async function measureInChild(task: string, length: number): Promise<Measurement> {
  const data = values.data === undefined ? [] : ['--data', values.data];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@memagent/source',
    `--max-old-space-size=${heapMb}`,
    fileURLToPath(import.meta.url),
    '--child',
    '--tasks',
    task,
    ...data,
    String(length),
  ]);
  return JSON.parse(stdout) as Measurement;
}

async function measure(task: string, tokens: number): Promise<Measurement> {
  const tokenizer = await selectTokenizer('o200k_base');
  const materials = createBenchMaterials(values.data);
  // Loads the materials and warms up.
  await findTask(task).generate({ tokens: 32_768, seed: 0, index: 0, tokenizer, materials });
  const start = performance.now();
  const item = await findTask(task).generate({ tokens, seed: 1, index: 0, tokenizer, materials });
  const planned = performance.now();
  let characters = 0;
  for await (const chunk of item.document()) characters += chunk.length;
  const streamed = performance.now();
  if (characters < item.tokens)
    throw new Error(`${task}: ${characters} characters for ${item.tokens} tokens`);
  return {
    tokens: item.tokens,
    planMs: planned - start,
    streamMs: streamed - planned,
    residentMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function createBenchMaterials(folder: string | undefined): Materials {
  if (folder === undefined) return { ...createMaterials(), questions: async () => sampleQuestions };
  const filesOf = (name: QuestionSetName) => ({
    questions: join(folder, `${name}.jsonl.gz`),
    pool: join(folder, `pool_${name}.jsonl.gz`),
  });
  return createMaterials({
    questions: {
      squad: filesOf('squad'),
      hotpotqa: filesOf('hotpotqa'),
      musique: filesOf('musique'),
      '2wikimultihopqa': filesOf('2wikimultihopqa'),
    },
  });
}
