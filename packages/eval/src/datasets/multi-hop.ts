/** HotpotQA and 2WikiMultihopQA: ten paragraphs of Wikipedia per question, in the same published format. */
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments, joinPassages, type Passage } from './join-passages.ts';
import { loadRows } from './load-rows.ts';
import { qaOutputTokens } from './qa-output-tokens.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import type { Row } from './rows/row.ts';

/** A title and its sentences; the hub's Parquet files have the columns apart. */
const context = z.union([
  z.array(z.tuple([z.string(), z.array(z.string())])),
  z
    .object({ title: z.array(z.string()), sentences: z.array(z.array(z.string())) })
    .transform(({ title, sentences }) =>
      title.map((name, index): [string, string[]] => [name, sentences[index] ?? []]),
    ),
]);
/** A title and the number of a sentence, from 0. */
const supportingFacts = z.union([
  z.array(z.tuple([z.string(), z.number()])),
  z
    .object({ title: z.array(z.string()), sent_id: z.array(z.coerce.number()) })
    .transform(({ title, sent_id }) =>
      title.map((name, index): [string, number] => [name, sent_id[index] ?? -1]),
    ),
]);
const row = z.object({
  _id: z.string().optional(),
  id: z.string().optional(),
  question: z.string(),
  answer: z.string(),
  context,
  supporting_facts: supportingFacts,
  type: z.string().optional(),
  level: z.string().optional(),
});

type MultiHopRow = z.output<typeof row>;

const scoring = 'F1, as published; set the items’ metric to exact-match for the other published score.';

export const hotpotQa: DataSet = {
  name: 'hotpotqa',
  description:
    'HotpotQA, distractor setting: questions that need two of ten paragraphs. With a pool of paragraphs it becomes RULER-HotpotQA.',
  licence: 'CC BY-SA 4.0',
  homepage: 'https://hotpotqa.github.io',
  get: 'Download http://curtis.ml.cmu.edu/datasets/hotpot/hotpot_dev_distractor_v1.json, or the Parquet files of https://huggingface.co/datasets/hotpotqa/hotpot_qa (distractor).',
  files: [
    {
      name: 'hotpot_dev_distractor_v1.json',
      holds: 'an array of objects with _id, question, answer, context, supporting_facts',
    },
  ],
  scoring,
  async *load(files, options) {
    yield* loadRows(
      readAllRows(files),
      { dataSet: 'hotpotqa', schema: row, toItems: toItemsOf('hotpotqa') },
      options,
    );
  },
};

export const twoWikiMultihopQa: DataSet = {
  name: '2wikimultihopqa',
  description: '2WikiMultihopQA: questions of two to four hops over ten paragraphs.',
  licence: 'Apache-2.0',
  homepage: 'https://github.com/Alab-NII/2wikimultihop',
  get: 'Download the data from the link in the README of https://github.com/Alab-NII/2wikimultihop and take dev.json.',
  files: [
    {
      name: 'dev.json',
      holds: 'an array of objects with _id, question, answer, context, supporting_facts',
    },
  ],
  scoring,
  async *load(files, options) {
    yield* loadRows(
      readAllRows(files),
      { dataSet: '2wikimultihopqa', schema: row, toItems: toItemsOf('2wikimultihopqa') },
      options,
    );
  },
};

function toItemsOf(dataSet: string) {
  return function* toItems(value: MultiHopRow, { number }: Row): Generator<EvalItem> {
    const { _id: id = value.id ?? number, question, answer, type, level } = value;
    yield createItem(
      {
        id: `${dataSet}/${id}`,
        task: dataSet,
        question,
        answers: [answer],
        metric: 'f1',
        outputTokens: qaOutputTokens,
        meta: { paragraphs: value.context.length, ...(type ? { type } : {}), ...(level ? { level } : {}) },
      },
      joinParagraphs(value),
    );
  };
}

function joinParagraphs({ context: paragraphs, supporting_facts }: MultiHopRow): Passage {
  const supporting = new Set(supporting_facts.map(([title, sentence]) => `${sentence} ${title}`));
  return joinDocuments(
    paragraphs.map(([title, sentences]) => {
      const passages = sentences.map((text, index) =>
        createPassage(text, supporting.has(`${index} ${title}`)),
      );
      return addTitle(title, joinPassages(passages, separatorOf(sentences)));
    }),
  );
}

/** HotpotQA's sentences begin with their space, 2WikiMultihopQA's do not. */
function separatorOf(sentences: readonly string[]): string {
  return sentences.slice(1).every((sentence) => /^\s|^$/.test(sentence)) ? '' : ' ';
}
