/** What the tools tell of a run. */
import type { RunRecord, RunStore } from '@memagent/core';
import { z } from 'zod';
import { citationUri } from './uris.ts';

const usageSchema = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  reasoningTokens: z.number(),
  calls: z.number(),
  retries: z.number(),
  cost: z.number().optional(),
});

/** A place in the document that the answer points to. */
const citationSchema = z.object({
  uri: z.string().describe('The resource that holds the quoted text.'),
  mark: z.number().describe('The number in the mark, such as 12 of [12].'),
  source: z.string().describe('Name of the document.'),
  page: z.number().nullable(),
  start: z.number().describe('UTF-16 offset in the text of the document.'),
  end: z.number(),
  text: z.string().describe('The quoted text; empty where the mark leads nowhere.'),
  supported: z.boolean().describe('Whether the text there bears out the sentence that carries the mark.'),
});

export const runStateSchema = z.object({
  runId: z.string(),
  state: z.enum(['running', 'finished', 'stopped', 'cancelled']),
  question: z.string(),
  sections: z.number().describe('Sections of the document that were read so far.'),
  answer: z.string().optional(),
  found: z.boolean().optional().describe('False if the document does not tell.'),
  citations: z.array(citationSchema).optional(),
  usage: usageSchema.optional(),
  elapsedMs: z.number().optional(),
  reason: z.string().optional().describe('Why the run stopped.'),
  next: z.string().optional().describe('What to do to get the answer.'),
});

export type RunState = z.output<typeof runStateSchema>;

/** The state of a run as the store tells it. */
export async function describeRun(record: RunRecord, store: RunStore): Promise<RunState> {
  const { runId, question, sections, status, result } = record;
  if (result) {
    const { answer, found, citations, usage, elapsedMs } = result;
    return {
      runId,
      state: 'finished',
      question,
      sections: result.sections,
      answer,
      found,
      citations: citations.map(({ mark, source, page, start, end, text, supported }, index) => ({
        uri: citationUri(runId, index),
        mark,
        source,
        page,
        start,
        end,
        text,
        supported,
      })),
      usage,
      elapsedMs,
    };
  }
  if (status === 'running') return describeRunning(runId, question, sections);
  if (status === 'cancelled') {
    const next = 'It cannot be resumed. Call ask to begin a new run.';
    return { runId, state: 'cancelled', question, sections, reason: await stopReason(runId, store), next };
  }
  return {
    runId,
    state: 'stopped',
    question,
    sections,
    reason: await stopReason(runId, store),
    next: `What was read is kept. Call resume with this runId to go on.`,
  };
}

/** Of a run that is being worked on. */
export function describeRunning(runId: string, question: string, sections: number): RunState {
  return {
    runId,
    state: 'running',
    question,
    sections,
    next: 'The run goes on. Call wait with this runId for the answer.',
  };
}

/** The run's events are looked through, for they have no other index than their number. */
async function stopReason(runId: string, store: RunStore): Promise<string> {
  let reason = 'It was stopped.';
  for await (const event of store.events(runId)) if (event.type === 'run-stop') reason = event.message;
  return reason;
}
