import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments, keepEvidence } from './join-passages.ts';
import { loadRows } from './load-rows.ts';
import { qaOutputTokens } from './qa-output-tokens.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const row = z.object({
  title: z.string(),
  paragraphs: z.array(
    z.object({
      context: z.string(),
      qas: z.array(
        z.object({
          id: z.string(),
          question: z.string(),
          answers: z.array(z.object({ text: z.string() })),
          is_impossible: z.boolean().default(false),
        }),
      ),
    }),
  ),
});

export const squad: DataSet = {
  name: 'squad',
  description:
    'SQuAD v1.1 and v2.0: questions on paragraphs of Wikipedia, asked here of the whole article (about 5,000 words); v2.0 also has questions without an answer.',
  licence: 'CC BY-SA 4.0',
  homepage: 'https://rajpurkar.github.io/SQuAD-explorer/',
  get: 'Download https://rajpurkar.github.io/SQuAD-explorer/dataset/dev-v1.1.json or dev-v2.0.json.',
  files: [
    {
      name: 'dev-v1.1.json, dev-v2.0.json',
      holds: 'an object whose data lists articles with title and paragraphs',
    },
  ],
  scoring:
    'F1, as published; for questions without an answer 1 for abstaining, as in v2.0. They were written against one paragraph: another one of the article may answer a few of them.',
  async *load(files, options) {
    yield* loadRows(readAllRows(files, 'data'), { dataSet: 'squad', schema: row, toItems }, options);
  },
};

function* toItems({ title, paragraphs }: z.output<typeof row>): Generator<EvalItem> {
  const articleTitle = title.replaceAll('_', ' ');
  const article = addTitle(
    articleTitle,
    joinDocuments(paragraphs.map(({ context }) => createPassage(context, true))),
  );
  for (const [asked, { qas }] of paragraphs.entries()) {
    for (const { id, question, answers, is_impossible } of qas) {
      yield createItem(
        {
          id: `squad/${id}`,
          task: 'squad',
          question,
          answers: [...new Set(answers.map(({ text }) => text))],
          ...(is_impossible ? { unanswerable: true } : {}),
          metric: 'f1',
          outputTokens: qaOutputTokens,
          meta: { article: articleTitle, paragraphs: paragraphs.length },
        },
        keepEvidence(article, new Set(is_impossible ? [] : [asked])),
      );
    }
  }
}
