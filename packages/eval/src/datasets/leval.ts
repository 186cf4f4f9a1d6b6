import { basename } from 'node:path';
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { createPassage } from './join-passages.ts';
import { levalQuestion } from './leval-tasks.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import type { Row } from './rows/row.ts';

const row = z.object({
  instructions: z.array(z.string()),
  input: z.string(),
  outputs: z.array(z.string()),
  evaluation: z.string(),
});

export const lEval: DataSet = {
  name: 'l-eval',
  description:
    'L-Eval: 20 tasks over lectures, stories, contracts, papers and meetings of 3,000 to 60,000 tokens; several questions per text.',
  licence: 'GPL-3.0 for the repository; the texts keep their own terms. Do not pass the texts on.',
  homepage: 'https://github.com/OpenLMLab/LEval',
  get: 'git clone https://github.com/OpenLMLab/LEval; give the folder LEval-data or some of its .jsonl files. The name of a file is the name of its task, so keep it.',
  files: [
    {
      name: '<task>.jsonl',
      holds: 'lines with instructions, input, outputs, evaluation: one text and its questions each',
    },
  ],
  scoring:
    'By task, as auto_eval.py: multiple choice (without the quarter point for part of the right letters), exact match, F1, and ROUGE-L (published: the geometric mean of ROUGE-1, -2 and -L). gsm100 and sci_fi ask for the bare answer; sci_fi counts what is true in the story. Rows that L-Eval has judged by people or a model (meta.evaluation: human, LLM) get the metric of their task here.',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'l-eval', schema: row, toItems }, options);
  },
};

function* toItems(value: z.output<typeof row>, { file, number }: Row): Generator<EvalItem | Skip> {
  const name = basename(file).replace(/\.jsonl?(\.gz)?$/i, '');
  const document = createPassage(value.input);
  for (const [index, instruction] of value.instructions.entries()) {
    const output = value.outputs[index];
    if (output === undefined) {
      yield { kind: 'bad', reason: `instruction ${index + 1} has no output` };
      continue;
    }
    const question = levalQuestion(name, instruction, [output]);
    if (!question) {
      return yield { kind: 'bad', reason: `the file's name, ${name}, is no task of L-Eval` };
    }
    yield createItem(
      {
        id: `l-eval/${name}/${number}/${index + 1}`,
        task: `l-eval/${name}`,
        ...question,
        meta: { evaluation: value.evaluation },
      },
      document,
    );
  }
}
