/** A run as clients see it. */
import type { RunRecord, RunStatus, SourceRecord } from '@memagent/core';
import { basename } from 'node:path';
import { z } from 'zod';
import { readRunNote } from './run-note.ts';

export const runStatusSchema = z.enum(['running', 'stopped', 'cancelled', 'finished']).meta({
  description:
    'A stopped run can be resumed: it was paused, reached a limit, failed, or its process died. A cancelled run cannot.',
});

export const runSummarySchema = z
  .object({
    runId: z.string(),
    status: runStatusSchema,
    question: z.string(),
    model: z.string().nullable().meta({ description: 'The served model, where the run was begun here.' }),
    documents: z.array(z.object({ name: z.string() })),
    sections: z.int().meta({ description: 'Sections that were read so far.' }),
    createdAt: z.number().meta({ description: 'Milliseconds since the epoch, as all times.' }),
    updatedAt: z.number(),
    origin: z.enum(['runs', 'chat', 'responses', 'elsewhere']),
    batch: z.string().optional().meta({ description: 'The batch that the run was begun in.' }),
    settings: z
      .record(z.string(), z.unknown())
      .meta({ description: 'All that decides what the run writes.' }),
  })
  .meta({ id: 'RunSummary' });

export const runSchema = runSummarySchema
  .extend({
    result: z.record(z.string(), z.unknown()).nullable().meta({
      description:
        'What the run came to: answer, found, citations, memory, usage, sections, tokens, model, reader, strategy, elapsedMs. Null until it is finished.',
    }),
  })
  .meta({ id: 'Run' });

export type RunSummaryView = z.output<typeof runSummarySchema>;
export type RunView = z.output<typeof runSchema>;

/** The run with its status as it really is. */
export function viewRun(run: RunRecord, status: RunStatus): RunView {
  return { ...viewSummary(run, status), result: run.result ? { ...run.result } : null };
}

export function viewSummary(run: Omit<RunRecord, 'result'>, status: RunStatus): RunSummaryView {
  const note = readRunNote(run.client);
  return {
    runId: run.runId,
    status,
    question: run.question,
    model: note?.model ?? run.settings.model,
    documents: run.sources.map((source) => ({ name: nameOf(source) })),
    sections: run.sections,
    createdAt: run.createdAt,
    updatedAt: run.updatedAt,
    origin: note?.origin ?? 'elsewhere',
    ...(note?.batch === undefined ? {} : { batch: note.batch }),
    settings: { ...run.settings },
  };
}

function nameOf(source: SourceRecord): string {
  return source.kind === 'spool' ? source.name : basename(source.path);
}
