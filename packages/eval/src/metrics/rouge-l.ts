import type { Metric } from './metric.ts';
import { requireAnswers } from './require-answers.ts';

/**
 * ROUGE-L's F-measure as Google's `rouge_score` 0.1.2 gives it with `use_stemmer=False` (its default), the best
 * over all right answers. Words are runs of a-z and 0-9 in lower case, so other scripts have none and score 0.
 */
export const rougeL: Metric = (input) => {
  const prediction = rougeTokens(input.prediction);
  const answers = requireAnswers('rouge-l', input);
  return Math.max(...answers.map((answer) => fMeasure(rougeTokens(answer), prediction)));
};

function rougeTokens(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function fMeasure(answer: readonly string[], prediction: readonly string[]): number {
  const common = longestCommonSubsequence(answer, prediction);
  if (common === 0) return 0;
  const precision = common / prediction.length;
  const recall = common / answer.length;
  return (2 * precision * recall) / (precision + recall);
}

/** Length of the longest common subsequence; one row of the usual table at a time. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (const token of a) {
    for (let j = 1; j <= b.length; j += 1) {
      row[j] = b[j - 1] === token ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0);
    }
    [above, row] = [row, above];
  }
  return above[b.length] ?? 0;
}
