/**
 * How well a tiny model reads documents of any length, with core's own agent: the same `read` that people call.
 * Results are lines of a file; what stands there is not computed again. Runs of long documents are kept in a store
 * on disk until they end, so an evaluation that is killed goes on in the middle of its documents.
 */
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import {
  createLimits,
  createMemoryRunStore,
  createSqliteRunStore,
  type PromptTemplate,
  read,
  resume,
  RunStoppedError,
  type RunResult,
  type RunStore,
} from '@memagent/core';
import { type EvalItem, findMetric, predictionFor } from '@memagent/eval';
import { z } from 'zod';
import { firstEvaluationSeed, tinyReading } from './tiny-setup.ts';
import { createTinyItem, type TinyTaskName } from './tiny-task.ts';

export interface TinyEvaluationOptions {
  model: LanguageModelV4;
  /** Names the model in the results: results of another name are left alone. */
  name: string;
  template: PromptTemplate;
  tasks: readonly TinyTaskName[];
  sections: number;
  /** Words of each section. Default: those of the published tasks. */
  words?: number;
  /** Documents; each is of the next task in turn. */
  count: number;
  /** 0 takes the likeliest tokens. */
  temperature: number;
  topP: number;
  /** Folder of `results.jsonl`, and of runs that have not ended. */
  out: string;
}

const resultSchema = z.object({
  name: z.string(),
  temperature: z.number(),
  task: z.string(),
  sections: z.number(),
  index: z.number(),
  answers: z.array(z.string()),
  answer: z.string(),
  memory: z.string(),
  /** By the task's metric, 0 to 1. */
  score: z.number(),
});

/** One document that was read. */
export type TinyResult = z.output<typeof resultSchema>;

/** Documents of more sections than this are kept on disk while they are read. */
const mostSectionsInMemory = 1024;

/** Reads the documents whose results are missing, all at once, and returns the results of all. */
export async function evaluateTiny(options: TinyEvaluationOptions): Promise<TinyResult[]> {
  const { name, tasks, sections, words, count, temperature, out } = options;
  await mkdir(out, { recursive: true });
  const known = (await readTinyResults(out)).filter(
    (result) => result.name === name && result.sections === sections && result.temperature === temperature,
  );
  const missing = Array.from({ length: count }, (_, index) => index).filter(
    (index) => !known.some((result) => result.index === index),
  );
  const isLong = sections > mostSectionsInMemory;
  const store = isLong ? createSqliteRunStore({ home: join(out, 'runs') }) : createMemoryRunStore();
  try {
    const made = await Promise.all(
      missing.map(async (index) => {
        const task = tasks[index % tasks.length] as TinyTaskName;
        const request = { name: task, sections, seed: firstEvaluationSeed, index };
        const item = createTinyItem(words === undefined ? request : { ...request, words });
        const runId = `${name}-${sections}-t${Math.round(100 * temperature)}-${index}`;
        const result = await readItem(item, runId, store, options);
        const line: TinyResult = {
          name,
          temperature,
          task,
          sections,
          index,
          answers: [...item.answers],
          answer: result.answer,
          memory: result.memory,
          score: findMetric(item.metric)({
            prediction: predictionFor(item.metric, result, []),
            answers: item.answers,
            found: result.found,
          }),
        };
        await appendFile(join(out, 'results.jsonl'), `${JSON.stringify(line)}\n`);
        return line;
      }),
    );
    return [...known, ...made].filter(({ index }) => index < count);
  } finally {
    await store.close();
  }
}

/** The results in a folder; none where there are none yet. A line that was cut short by a kill is left out. */
export async function readTinyResults(out: string): Promise<TinyResult[]> {
  const text = await readFile(join(out, 'results.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return lines.slice(0, -1).map((line) => resultSchema.parse(JSON.parse(line)));
}

/** What is looked at of a reading. */
type ReadItem = Pick<RunResult, 'answer' | 'memory' | 'found'>;

/** A model that says nothing when it is asked has answered wrongly; anything else ends the evaluation. */
function withoutAnswer(error: unknown): ReadItem {
  if (error instanceof RunStoppedError && error.data['outcome'] === 'empty') {
    return { answer: '', memory: '', found: false };
  }
  throw error;
}

async function readItem(
  item: EvalItem,
  runId: string,
  store: RunStore,
  { model, template, words, temperature, topP, out }: TinyEvaluationOptions,
): Promise<ReadItem> {
  const folder = join(out, 'documents');
  const file = join(folder, `${runId}.txt`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, item.document());
  const session = {
    model,
    store,
    // The batch is the limit, and equal calls have equal replies: nothing is gained by asking again.
    limits: createLimits({ concurrency: Number.MAX_SAFE_INTEGER }),
    retry: { retries: 0 },
  };
  const before = await store.get(runId);
  const { tokenizer, ...budgets } = await tinyReading(words);
  const run = before
    ? resume({ ...session, runId, tokenizer })
    : read({
        ...session,
        ...budgets,
        tokenizer,
        runId,
        template,
        temperature,
        topP,
        question: item.question,
        source: { file },
      });
  const result = before?.result ?? (await run.result.catch(withoutAnswer));
  await store.delete(runId);
  await rm(file);
  return result;
}
