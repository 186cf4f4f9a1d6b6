/** The accuracy that the paper reports, as reference for our own measurements of the same task. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  source: z.string(),
  url: z.url(),
  /** Our name of the task. */
  task: z.string(),
  /** At each length. */
  questions: z.int(),
  lengths: z.array(z.object({ paragraphs: z.int(), tokens: z.string() })),
  /** Per cent, one score for each length; null where none was published. */
  models: z.array(z.object({ name: z.string(), scores: z.array(z.number().nullable()) })),
});

export type PaperResults = z.infer<typeof schema>;

/** Reads `data/paper-results.json` of this package. */
export async function readPaperResults(): Promise<PaperResults> {
  const path = join(import.meta.dirname, '../../../data/paper-results.json');
  return schema.parse(JSON.parse(await readFile(path, 'utf8')));
}
