/**
 * Packs questions and pools of paragraphs into the package's data files:
 *
 *     node --conditions=@memagent/source packages/train/src/evidence/pack-evidence-data.ts --from FOLDER
 *
 * FOLDER holds `NAME.jsonl.gz` and `pool_NAME.jsonl.gz` for each data set, in the schema of
 * `packages/eval/src/documents/question-set.ts`. Rows of the source `new-wiki` may not be passed on and are left out.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { evidenceDataFolder, evidenceDataSets } from './evidence-data.ts';

const documentSchema = z.object({
  title: z.string().default(''),
  text: z.string().min(1),
  supporting: z.boolean().nullable().optional(),
});

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  answers: z.array(z.string()).min(1),
  documents: z.array(documentSchema),
});

const paragraphSchema = z.object({
  title: z.string().default(''),
  text: z.string().min(1),
  source: z.string().optional(),
});

const { from } = parseArgs({ options: { from: { type: 'string' } } }).values;
if (from === undefined) throw new Error('Give the folder of the data with --from FOLDER.');

for (const name of evidenceDataSets) {
  const questions = await readLines(`${from}/${name}.jsonl.gz`, questionSchema);
  const pool = await readLines(`${from}/pool_${name}.jsonl.gz`, paragraphSchema);
  await writeLines(
    `${name}.jsonl.br`,
    questions
      .filter(({ documents }) => documents.some(({ supporting }) => supporting === true))
      .map(({ documents, ...question }) => ({
        ...question,
        documents: documents.map(({ title, text, supporting }) => [title, text, supporting === true]),
      })),
  );
  await writeLines(
    `pool_${name}.jsonl.br`,
    pool.filter(({ source }) => source !== 'new-wiki').map(({ title, text }) => [title, text]),
  );
}

async function readLines<Row>(path: string, schema: z.ZodType<Row>): Promise<Row[]> {
  const text = gunzipSync(await readFile(path)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}

async function writeLines(name: string, rows: readonly unknown[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const packed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  await writeFile(new URL(name, evidenceDataFolder), packed);
  console.log(`${name}: ${rows.length} rows, ${packed.length} bytes`);
}
