/**
 * The English text tasks of LongBench v1: metric and output tokens as in its `eval.py` and
 * `config/dataset2maxlen.json`, and how its `input` becomes a question where it is not one.
 */
import type { MetricName } from '../metrics/metric.ts';

export interface LongBenchTask {
  metric: MetricName;
  outputTokens: number;
  /** The question for a row's `input`; by default the input itself. */
  ask?: (input: string) => string;
}

export const longBenchTasks: Readonly<Record<string, LongBenchTask>> = {
  narrativeqa: { metric: 'f1', outputTokens: 128 },
  qasper: { metric: 'f1', outputTokens: 128 },
  multifieldqa_en: { metric: 'f1', outputTokens: 64 },
  hotpotqa: { metric: 'f1', outputTokens: 32 },
  '2wikimqa': { metric: 'f1', outputTokens: 32 },
  musique: { metric: 'f1', outputTokens: 32 },
  triviaqa: { metric: 'f1', outputTokens: 32 },
  qmsum: { metric: 'rouge-l', outputTokens: 512 },
  gov_report: {
    metric: 'rouge-l',
    outputTokens: 512,
    ask: () => 'Summarize this government report in one page.',
  },
  multi_news: {
    metric: 'rouge-l',
    outputTokens: 512,
    ask: () => 'Summarize all of these news articles together in one page.',
  },
  samsum: {
    metric: 'rouge-l',
    outputTokens: 128,
    ask: (input) =>
      `Summarize the following dialogue in a few short sentences, in the manner of the examples in the text.\n\n${input}`,
  },
  trec: {
    metric: 'lenient-match',
    outputTokens: 64,
    ask: (input) =>
      `Of which type is the following question? The text shows examples; answer with the type alone.\n\n${input}`,
  },
  passage_count: {
    metric: 'lenient-match',
    outputTokens: 32,
    ask: () =>
      'Some of these paragraphs are repeated. How many different paragraphs are there? Answer with the number alone.',
  },
  passage_retrieval_en: {
    metric: 'lenient-match',
    outputTokens: 32,
    ask: (input) =>
      `Of which paragraph is the following an abstract? Answer with its number, such as "Paragraph 1".\n\n${input}`,
  },
};

/** Why a subset of LongBench v1 is left out; undefined for the tasks above. */
export function whyNotLongBenchTask(name: string): string | undefined {
  if (Object.hasOwn(longBenchTasks, name)) return undefined;
  if (['lcc', 'repobench-p'].includes(name)) return `${name} is scored by the edit distance of code`;
  if (['multifieldqa_zh', 'dureader', 'vcsum', 'lsht', 'passage_retrieval_zh'].includes(name)) {
    return `${name} is Chinese and scored on words that need a segmenter`;
  }
  return `${name} is no subset of LongBench v1`;
}
