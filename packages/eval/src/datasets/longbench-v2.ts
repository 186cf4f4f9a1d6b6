import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { createPassage } from './join-passages.ts';
import { listChoices } from './list-choices.ts';
import { loadRows } from './load-rows.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const row = z.object({
  _id: z.string(),
  domain: z.string(),
  sub_domain: z.string(),
  difficulty: z.string(),
  length: z.string(),
  question: z.string(),
  choice_A: z.string(),
  choice_B: z.string(),
  choice_C: z.string(),
  choice_D: z.string(),
  answer: z.enum(['A', 'B', 'C', 'D']),
  context: z.string().min(1),
});

/** The reply's room in LongBench v2's `pred.py`. */
export const longBenchV2OutputTokens = 128;

export const longBenchV2: DataSet = {
  name: 'longbench-v2',
  description:
    'LongBench v2: 503 four-choice questions over texts of 8,000 to 2 million words (papers, books, code, tables, dialogues).',
  licence:
    'Apache-2.0 on the hub, MIT for the code; the collected texts keep their own copyright. Do not pass the texts on.',
  homepage: 'https://github.com/THUDM/LongBench',
  get: 'Download https://huggingface.co/datasets/THUDM/LongBench-v2/resolve/main/data.json (465 MB).',
  files: [
    {
      name: 'data.json',
      holds: 'an array of objects with _id, domain, length, question, choice_A … choice_D, answer, context',
    },
  ],
  scoring: 'Multiple choice, as published (without the second prompt that LongBench sends after reasoning).',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'longbench-v2', schema: row, toItems }, options);
  },
};

function* toItems({ _id: id, ...value }: z.output<typeof row>): Generator<EvalItem> {
  const choices = { A: value.choice_A, B: value.choice_B, C: value.choice_C, D: value.choice_D };
  yield createItem(
    {
      id: `longbench-v2/${id}`,
      task: 'longbench-v2',
      question: listChoices(value.question, choices),
      answers: [value.answer, choices[value.answer]],
      choices,
      metric: 'multiple-choice',
      outputTokens: longBenchV2OutputTokens,
      meta: {
        domain: value.domain,
        type: value.sub_domain,
        level: value.difficulty,
        length: value.length,
      },
    },
    createPassage(value.context),
  );
}
