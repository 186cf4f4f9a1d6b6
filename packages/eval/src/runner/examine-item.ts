/** Asks one item of one subject with one strategy, and scores what comes back. */
import {
  findStrategy,
  MemagentError,
  messageOf,
  prepareReading,
  read,
  replayEvents,
  resume,
  type RunResult,
  type RunSettings,
  type RunStore,
  type StoredEvent,
  type Usage,
} from '@memagent/core';
import type { EvalItem } from '../item.ts';
import { citationPrecision } from '../metrics/citation-precision.ts';
import { evidenceRecall } from '../metrics/evidence-recall.ts';
import { findMetric } from '../metrics/find-metric.ts';
import { predictionFor } from '../metrics/prediction-of.ts';
import { recordKey } from './record-key.ts';
import type { EvalRecord } from './record.ts';
import type { Subject } from './subject.ts';

export interface ExamineOptions {
  item: EvalItem;
  /** The item's document as a UTF-8 file. */
  file: string;
  subject: Subject;
  strategy: string;
  /** Holds the runs: a finished one is the cache of its result, an interrupted one is resumed. */
  store: RunStore;
  signal: AbortSignal;
  versions: { memagent: string; node: string };
  now: () => number;
}

/** Never throws for a run that fails: that is a record too. Throws the signal's reason on abort. */
export async function examineItem(options: ExamineOptions): Promise<EvalRecord> {
  const { item, subject, strategy, signal, now, versions } = options;
  const { settings } = await prepareReading(item.question, {
    ...subject.reading,
    strategy: findStrategy(strategy),
  });
  const key = recordKey(item, subject.name, settings);
  const base = {
    key,
    item: item.id,
    task: item.task,
    subject: subject.name,
    strategy,
    tokens: item.tokens,
    meta: item.meta,
    question: item.question,
    answers: item.answers,
    metric: item.metric,
    runId: `eval-${key}`,
    settings: toJson(settings),
    versions,
    at: now(),
  };
  try {
    const result = await answer(options, base.runId);
    // Items of data sets are not counted before they are read.
    const tokens = item.tokens || result.tokens;
    return { ...base, tokens, status: 'scored', ...(await score(options, result)) };
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof MemagentError ? error.code : 'unexpected';
    const usage = await usageOf(options.store, base.runId);
    return {
      ...base,
      status: 'failed',
      error: { code, message: messageOf(error) },
      ...(usage ? { usage } : {}),
    };
  }
}

/** The result of the run under this id: from the store, resumed, or made now. */
async function answer(
  { item, file, subject, strategy, store, signal }: ExamineOptions,
  runId: string,
): Promise<RunResult> {
  const known = await store.get(runId);
  if (known?.result) return known.result;
  const common = { ...subject.reading, ...subject.session, strategy, source: { file }, store, runId, signal };
  return known ? resume(common).result : read({ ...common, question: item.question }).result;
}

async function score({ item, store }: ExamineOptions, result: RunResult) {
  const { answers, choices, rejected, unanswerable, metric, evidence } = item;
  const { found, usage, sections, elapsedMs } = result;
  const events: StoredEvent[] = [];
  for await (const event of store.events(result.runId)) events.push(event);
  const prediction = predictionFor(metric, result, events);
  return {
    prediction,
    found,
    score: findMetric(metric)({
      prediction,
      answers,
      found,
      ...(choices ? { choices } : {}),
      ...(rejected ? { rejected } : {}),
      ...(unanswerable ? { unanswerable } : {}),
    }),
    evidence: evidenceRecall({ events, evidence }),
    citationPrecision: citationPrecision({ citations: result.citations, evidence }),
    usage,
    sections,
    elapsedMs,
  };
}

/** What a run that failed had used; undefined where it failed before it began. */
async function usageOf(store: RunStore, runId: string): Promise<Usage | undefined> {
  if ((await store.get(runId)) === undefined) return undefined;
  return (await replayEvents(store.events(runId))).usage;
}

function toJson(settings: RunSettings) {
  const { question: _question, ...rest } = settings;
  return rest;
}
