/** What the server keeps with a run to go on with it after its own death: names, nothing secret. */
import type { Json } from '@memagent/core';
import { z } from 'zod';

const noteSchema = z.object({
  /** Id of the served model. */
  model: z.string(),
  /** Which interface began the run. */
  origin: z.enum(['runs', 'chat', 'responses']),
  /** Ids of the files that are deleted with the run. */
  files: z.array(z.string()),
  /** What the caller calls the runs that it began together. */
  batch: z.string().optional(),
});

export type RunNote = z.output<typeof noteSchema>;

/** The note, beside what other programs need of the run. */
export function writeRunNote(note: RunNote, others: Record<string, Json> = {}): Json {
  const { batch, ...rest } = note;
  return { ...others, memagentServer: batch === undefined ? rest : { ...rest, batch } };
}

/** Undefined for a run that another program began. */
export function readRunNote(client: Json | undefined): RunNote | undefined {
  return z.object({ memagentServer: noteSchema }).safeParse(client).data?.memagentServer;
}
