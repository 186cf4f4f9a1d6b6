/** `/v1/evaluations`: what `memagent eval` left in the folders that the server was started with. */
import { type EvalRecord, readRecords, resultsPath, scoreOf, type Summary, summarize } from '@memagent/eval';
import type { ServerEnv } from '@memagent/server';
import { Hono } from 'hono';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { findFolders, type ResultFolder } from './find-folders.ts';
import type { EvaluationItem, EvaluationSummary, EvaluationView } from './result-views.ts';

/** Most answers that a page is sent. */
const mostItems = 5000;

/** The routes. Folders are looked at again with each request: evaluations may be going on. */
export function createEvaluationsApi(folders: readonly string[]): Hono<ServerEnv> {
  const api = new Hono<ServerEnv>();
  const find = (): Promise<ResultFolder[]> => findFolders(folders, basename(resultsPath('')));

  api.get('/', async (context) => {
    const data = await Promise.all((await find()).map(summaryOf));
    return context.json({ data });
  });

  api.get('/:id', async (context) => {
    const folder = (await find()).find(({ id }) => id === context.req.param('id'));
    if (!folder) return context.notFound();
    const records = await readRecords(resultsPath(folder.path));
    const summary = await summaryOf(folder);
    if (records.length === 0) {
      return context.json({
        ...summary,
        tasks: [],
        series: [],
        groups: [],
        items: [],
      } satisfies EvaluationView);
    }
    return context.json({ ...summary, ...viewRecords(summarize(records)) } satisfies EvaluationView);
  });

  return api;
}

async function summaryOf({ id, name, path }: ResultFolder): Promise<EvaluationSummary> {
  const { mtimeMs } = await stat(resultsPath(path));
  return { id, name, changedAt: mtimeMs };
}

function viewRecords({ tasks, series, groups }: Summary): Omit<EvaluationView, keyof EvaluationSummary> {
  return {
    tasks: [...tasks],
    series: series.map(({ label }) => label),
    groups: groups.map(({ series: { label }, task, length, measures }) => {
      const { n, failures, score, interval, tokens, elapsedMs } = measures;
      return {
        series: label,
        task,
        ...(length === undefined ? {} : { length: { unit: length.unit, value: length.value } }),
        n,
        failures,
        score,
        low: interval.low,
        high: interval.high,
        ...(tokens === undefined ? {} : { tokensPerQuestion: tokens.value }),
        ...(elapsedMs === undefined ? {} : { elapsedMs: elapsedMs.value }),
      };
    }),
    items: groups
      .flatMap(({ series: { label }, records }) => records.map((record) => viewItem(record, label)))
      .slice(0, mostItems),
  };
}

function viewItem(record: EvalRecord, series: string): EvaluationItem {
  const { item, task, tokens, question, answers, runId } = record;
  return {
    item,
    task,
    series,
    tokens,
    question,
    answers,
    prediction: record.status === 'scored' ? record.prediction : record.error.message,
    hasFailed: record.status === 'failed',
    score: scoreOf(record),
    runId,
  };
}
