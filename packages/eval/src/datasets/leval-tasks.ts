/**
 * The tasks of L-Eval and their metric, by its `auto_eval.py`. Where the published one takes a reply apart (the
 * last number of a calculation, the first `true`), the question asks for the bare answer instead.
 */
import type { EvalItem } from '../item.ts';
import type { MetricName } from '../metrics/metric.ts';

interface LEvalTask {
  metric: MetricName;
  /** Put after the instruction. */
  hint?: string;
  /** The right answer in an output, where that holds more. */
  answer?: (output: string) => string;
}

const letter = 'Answer with the letter of the right choice.';

const levalTasks: Readonly<Record<string, LEvalTask>> = {
  coursera: {
    metric: 'multiple-choice',
    hint: 'Answer with the letters of all right choices, such as A or AB.',
  },
  quality: { metric: 'multiple-choice', hint: letter },
  tpo: { metric: 'multiple-choice', hint: letter },
  gsm100: { metric: 'exact-match', hint: 'Answer with the number alone.' },
  codeU: { metric: 'lenient-match' },
  sci_fi: {
    metric: 'exact-match',
    hint: 'Answer with True or False alone.',
    answer: (output) => output.replace(/\s*\[fact:.*$/s, ''),
  },
  topic_retrieval_longchat: { metric: 'lenient-match' },
  financial_qa: { metric: 'f1' },
  legal_contract_qa: { metric: 'f1' },
  multidoc_qa: { metric: 'f1' },
  narrative_qa: { metric: 'f1' },
  natural_question: { metric: 'f1' },
  scientific_qa: { metric: 'f1' },
  gov_report_summ: { metric: 'rouge-l' },
  meeting_summ: { metric: 'rouge-l' },
  news_summ: { metric: 'rouge-l' },
  paper_assistant: { metric: 'rouge-l' },
  patent_summ: { metric: 'rouge-l' },
  review_summ: { metric: 'rouge-l' },
  tv_show_summ: { metric: 'rouge-l' },
};

/** `max_new_tokens` of L-Eval's baselines, for every task. */
const levalOutputTokens = 512;

/** Question, answers and metric of one instruction; undefined for a task that L-Eval does not have. */
export function levalQuestion(
  name: string,
  instruction: string,
  outputs: readonly string[],
): Pick<EvalItem, 'question' | 'answers' | 'metric' | 'outputTokens'> | undefined {
  const task = Object.hasOwn(levalTasks, name) ? levalTasks[name] : undefined;
  if (!task) return undefined;
  const { metric, hint, answer } = task;
  return {
    question: hint === undefined ? instruction : `${instruction}\n\n${hint}`,
    answers: answer ? outputs.map(answer) : outputs,
    metric,
    outputTokens: levalOutputTokens,
  };
}
