import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments } from './join-passages.ts';
import { loadRows } from './load-rows.ts';
import { qaOutputTokens } from './qa-output-tokens.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const row = z.object({
  id: z.string(),
  question: z.string(),
  answer: z.string(),
  answer_aliases: z.array(z.string()),
  answerable: z.boolean(),
  paragraphs: z.array(
    z.object({ title: z.string(), paragraph_text: z.string(), is_supporting: z.boolean() }),
  ),
});

export const musique: DataSet = {
  name: 'musique',
  description: 'MuSiQue: questions of two to four hops over twenty paragraphs, with or without an answer.',
  licence: 'CC BY 4.0',
  homepage: 'https://github.com/StonyBrookNLP/musique',
  get: 'Run download_data.sh of https://github.com/StonyBrookNLP/musique and take musique_ans_v1.0_dev.jsonl or musique_full_v1.0_dev.jsonl.',
  files: [
    {
      name: 'musique_<ans|full>_v1.0_dev.jsonl',
      holds: 'lines with id, question, answer, answer_aliases, answerable, paragraphs',
    },
  ],
  scoring:
    'F1, as published; abstention for the unanswerable questions of MuSiQue-Full (published: F1 of question and contrast question together).',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'musique', schema: row, toItems }, options);
  },
};

function* toItems(value: z.output<typeof row>): Generator<EvalItem> {
  const { id, question, answer, answer_aliases, answerable, paragraphs } = value;
  yield createItem(
    {
      id: `musique/${id}${answerable ? '' : '/unanswerable'}`,
      task: 'musique',
      question,
      ...(answerable
        ? { answers: [answer, ...answer_aliases], metric: 'f1' }
        : { answers: [], metric: 'abstention', unanswerable: true }),
      outputTokens: qaOutputTokens,
      meta: { hops: Number(id[0]), paragraphs: paragraphs.length },
    },
    joinDocuments(
      paragraphs.map(({ title, paragraph_text, is_supporting }) =>
        addTitle(title, createPassage(paragraph_text, is_supporting && answerable)),
      ),
    ),
  );
}
