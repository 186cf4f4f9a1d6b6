import type { RunStatus, RunStore } from '@memagent/core';
import { MemagentError } from '@memagent/core';
import { z } from 'zod';
import { type RunSummaryView, runStatusSchema, viewSummary } from './run-view.ts';
import type { RunService } from './run-service.ts';

export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(20),
  after: z.string().optional(),
  search: z.string().optional(),
  status: runStatusSchema.optional(),
  batch: z.string().optional(),
});

export interface RunPage {
  data: RunSummaryView[];
  hasMore: boolean;
  /** What to give as `after` for the next page. */
  next: string | null;
}

/**
 * One page of the runs, newest first. The search finds runs whose question, document, model or id holds all the
 * words, in any case.
 */
export async function listRuns(
  store: RunStore,
  service: Pick<RunService, 'statusOf'>,
  { limit, after, search = '', status, batch }: z.output<typeof listQuerySchema>,
): Promise<RunPage> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = await store.list();
  const start = after === undefined ? 0 : all.findIndex(({ runId }) => runId === after) + 1;
  const data: RunSummaryView[] = [];
  for (const run of all.slice(start)) {
    // Looking at a status may need the run's lock: only of what is to be shown.
    if (status !== undefined && run.status !== status && run.status !== 'running') continue;
    const summary = viewSummary(run, run.status);
    if (batch !== undefined && summary.batch !== batch) continue;
    if (!matches(summary, words)) continue;
    const current = await statusIfThere(service, run);
    if (current === undefined || (status !== undefined && current !== status)) continue;
    if (data.length === limit) return { data, hasMore: true, next: data.at(-1)?.runId ?? null };
    data.push(viewSummary(run, current));
  }
  return { data, hasMore: false, next: null };
}

function matches({ runId, question, model, documents }: RunSummaryView, words: readonly string[]): boolean {
  const text = [runId, question, model ?? '', ...documents.map(({ name }) => name)].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A run may be deleted while the list is made. */
async function statusIfThere(
  service: Pick<RunService, 'statusOf'>,
  run: { runId: string; status: RunStatus },
): Promise<RunStatus | undefined> {
  try {
    return await service.statusOf(run);
  } catch (error) {
    if (error instanceof MemagentError && error.code === 'run-not-found') return undefined;
    throw error;
  }
}
