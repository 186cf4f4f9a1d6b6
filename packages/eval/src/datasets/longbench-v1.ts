import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { createPassage, joinDocuments, type Passage } from './join-passages.ts';
import { type LongBenchTask, longBenchTasks, whyNotLongBenchTask } from './longbench-v1-tasks.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const row = z.object({
  input: z.string(),
  context: z.string(),
  answers: z.array(z.string()).min(1),
  dataset: z.string(),
  _id: z.string(),
});

type LongBenchRow = z.output<typeof row>;

export const longBenchV1: DataSet = {
  name: 'longbench-v1',
  description:
    'LongBench: 14 English tasks over texts of 1,000 to 18,000 words (questions, summaries, examples to follow, counting); LongBench-E files too.',
  licence:
    'MIT for the collection; the texts keep the terms of the data sets that they come from. Do not pass the texts on.',
  homepage: 'https://github.com/THUDM/LongBench',
  get: 'Download https://huggingface.co/datasets/THUDM/LongBench/resolve/main/data.zip and unpack it; give the folder or some of its .jsonl files.',
  files: [
    {
      name: '<task>.jsonl, <task>_e.jsonl',
      holds: 'lines with input, context, answers, dataset, language, all_classes, _id',
    },
  ],
  scoring:
    'As published: F1 (SQuAD) for questions, ROUGE-L for summaries (here as rouge_score counts it, there with the rouge package). trec, passage_count and passage_retrieval_en: whether the right value is in the reply, without the deduction that LongBench makes for further values in it. Questions of qasper whose only answer is "unanswerable": abstention. LongBench scores the first line of a reply for trec, triviaqa and samsum; here all of it counts. Left out: the five Chinese tasks and the two of code.',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'longbench-v1', schema: row, toItems }, options);
  },
};

function* toItems(value: LongBenchRow): Generator<EvalItem | Skip> {
  const { _id: id, dataset } = value;
  const name = dataset.replace(/_e$/, '');
  const reason = whyNotLongBenchTask(name);
  const task = longBenchTasks[name];
  if (!task) return yield { kind: 'unsupported', reason: reason ?? name };
  const { question, document } = name === 'triviaqa' ? askTrivia(value) : ask(name, task, value);
  yield createItem(
    {
      id: `longbench-v1/${name}/${id}`,
      task: `longbench-v1/${name}`,
      question,
      ...longBenchScoring(name, task, value.answers),
      meta: dataset === name ? {} : { subset: dataset },
    },
    document,
  );
}

/** Metric, answers and output tokens of a row, also where it comes in another format. */
export function longBenchScoring(
  name: string,
  { metric, outputTokens }: LongBenchTask,
  answers: readonly string[],
): Pick<EvalItem, 'metric' | 'answers' | 'outputTokens' | 'unanswerable'> {
  if (name === 'qasper' && answers.every((answer) => answer.toLowerCase() === 'unanswerable')) {
    return { metric: 'abstention', answers: [], unanswerable: true, outputTokens };
  }
  if (name === 'passage_retrieval_en') {
    const numbers = answers.map((answer) => answer.replace(/^Paragraph /, ''));
    return { metric, answers: [...new Set([...answers, ...numbers])], outputTokens };
  }
  return { metric, answers, outputTokens };
}

function ask(name: string, task: LongBenchTask, { input, context, answers }: LongBenchRow) {
  return {
    question: task.ask?.(input) ?? input,
    document: name === 'passage_retrieval_en' ? markParagraph(context, answers) : createPassage(context),
  };
}

/** The paragraph that the answer names: from `Paragraph 15: ` to the blank line before the next one. */
function markParagraph(context: string, [answer = '']: readonly string[]): Passage {
  const paragraphs = context.split(/\n\n(?=Paragraph \d+: )/);
  return joinDocuments(paragraphs.map((text) => createPassage(text, text.startsWith(`${answer}: `))));
}

/** Trivia's input carries the passage that the question is about; it belongs to the document, after the examples. */
function askTrivia({ input, context }: LongBenchRow): { question: string; document: Passage } {
  const { passage, question } =
    /^(?<passage>Passage:\n.*)\nQuestion:\n(?<question>.*?)\nAnswer:\s*$/s.exec(input)?.groups ?? {};
  if (passage === undefined || question === undefined) {
    return { question: input, document: createPassage(context) };
  }
  return { question, document: joinDocuments([createPassage(context), createPassage(passage, true)]) };
}
