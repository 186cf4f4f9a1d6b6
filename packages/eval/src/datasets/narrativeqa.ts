/**
 * NarrativeQA, in the two forms that its authors give out: the tables of the repository beside the stories that
 * `download_stories.sh` fetches, which are streamed from their files; and the hub's Parquet files, which hold the
 * story in every row.
 */
import { basename } from 'node:path';
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem, type ItemFields } from './create-item.ts';
import type { DataSet, LoadOptions } from './data-set.ts';
import { createPassage } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { fileKind } from './rows/file-kind.ts';
import { listFiles } from './rows/list-files.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import { readText } from './rows/read-text.ts';
import type { Row } from './rows/row.ts';
import { storyOutputTokens } from './story-output-tokens.ts';

const tableRow = z.object({
  document_id: z.string(),
  set: z.string(),
  question: z.string(),
  answer1: z.string(),
  answer2: z.string(),
});
const hubRow = z.object({
  document: z.object({ id: z.string(), kind: z.string(), text: z.string().min(1) }),
  question: z.object({ text: z.string() }),
  answers: z.array(z.object({ text: z.string() })).min(1),
});

export const narrativeQa: DataSet = {
  name: 'narrativeqa',
  description:
    'NarrativeQA: 46,765 questions over 1,572 whole books and film scripts (60,000 words on average; the longest 430,000).',
  licence:
    'Apache-2.0 for questions and answers; the books are in the public domain, the scripts keep their copyright. Do not pass the texts on.',
  homepage: 'https://github.com/google-deepmind/narrativeqa',
  get: 'Clone the repository and run download_stories.sh, then give the folder; or download data/test-*.parquet from https://huggingface.co/datasets/deepmind/narrativeqa.',
  files: [
    { name: 'qaps.csv', holds: 'the questions: document_id, set, question, answer1, answer2' },
    { name: 'tmp/<document_id>.content', holds: 'the stories, as they were downloaded' },
    { name: 'test-*.parquet', holds: 'instead of both: document, question, answers' },
  ],
  scoring:
    'ROUGE-L against both answers, one of the published scores; set the items’ metric to f1 for the one that LongBench publishes. Stories are read as downloaded: scripts are HTML pages.',
  async *load(files, options) {
    const paths = await listFiles(files);
    const table = paths.filter((path) => /^qaps\.csv(\.gz)?$/i.test(basename(path)));
    yield* table.length > 0 ? loadTable(table, paths, options) : loadHub(paths, options);
  },
};

function loadHub(paths: readonly string[], options: LoadOptions): AsyncIterable<EvalItem> {
  return loadRows(readAllRows(paths), { dataSet: 'narrativeqa', schema: hubRow, toItems }, options);

  function* toItems(
    { document, question, answers }: z.output<typeof hubRow>,
    { file, number }: Row,
  ): Generator<EvalItem> {
    const shard = basename(file).replace(/\..*$/, '');
    yield createItem(
      {
        id: `narrativeqa/${document.id}/${shard}-${number}`,
        ...fieldsOf(
          question.text,
          answers.map(({ text }) => text),
        ),
        meta: { story: document.id, kind: document.kind },
      },
      createPassage(document.text),
    );
  }
}

function loadTable(
  table: readonly string[],
  paths: readonly string[],
  options: LoadOptions,
): AsyncIterable<EvalItem> {
  const stories = new Map(
    paths
      .filter((path) => /\.content(\.gz)?$/i.test(path))
      .map((path) => [basename(path).replace(/\.content(\.gz)?$/i, ''), path]),
  );
  return loadRows(readAllRows(table), { dataSet: 'narrativeqa', schema: tableRow, toItems }, options);

  async function* toItems(
    { document_id, set, question, answer1, answer2 }: z.output<typeof tableRow>,
    { number }: Row,
  ): AsyncGenerator<EvalItem | Skip> {
    const story = stories.get(document_id);
    if (story === undefined) {
      return yield { kind: 'bad', reason: `its story, ${document_id}.content, is not among the files` };
    }
    const kind = await fileKind(story);
    yield {
      id: `narrativeqa/${document_id}/${number}`,
      ...fieldsOf(question, [answer1, answer2]),
      meta: { story: document_id, set },
      tokens: 0,
      evidence: [],
      document: () => readText(story, kind),
    };
  }
}

function fieldsOf(question: string, answers: readonly string[]): Omit<ItemFields, 'id' | 'meta'> {
  return {
    task: 'narrativeqa',
    question,
    answers: [...new Set(answers)],
    metric: 'rouge-l',
    outputTokens: storyOutputTokens,
  };
}
