/** What a run keeps so that `memagent resume` needs no flags: names and paths, nothing secret. */
import type { Json } from '@memagent/core';
import { z } from 'zod';
import { modelSpecSchema } from '../model/model-spec.ts';

const schema = z.object({
  /** Null: read without a language model. */
  model: modelSpecSchema.nullable(),
  /** Absolute path or name; the run itself knows a tokenizer file only by its content. */
  tokenizer: z.string().optional(),
  /** Where the records of `extract` go; an absolute path. */
  out: z.string().optional(),
  prices: z.object({ input: z.number(), output: z.number(), cachedInput: z.number().optional() }).optional(),
});

export type ClientNote = z.output<typeof schema>;

/** The note as a run keeps it. */
export function writeClientNote(note: ClientNote): { memagent: Json } {
  return { memagent: JSON.parse(JSON.stringify(note)) as Json };
}

/** Reads the note of a run; undefined for a run that another program began. */
export function readClientNote(client: Json | undefined): ClientNote | undefined {
  return z.object({ memagent: schema }).safeParse(client).data?.memagent;
}
