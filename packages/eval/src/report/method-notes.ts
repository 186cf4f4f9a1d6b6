import { qwen14bShape as shape } from './charts/attention-flops.ts';
import { formatCount } from './format-number.ts';
import type { Summary } from './summarize.ts';

/** How the report's numbers come about, for its readers. */
export function methodNotes({ bootstrap: { seed, resamples } }: Pick<Summary, 'bootstrap'>): string[] {
  return [
    'A score is the mean over all questions. A question that failed counts as 0 and is part of n.',
    `Intervals are 95%: Wilson’s score interval where all scores are 0 or 1, otherwise, marked †, the percentile bootstrap’s (${formatCount(resamples)} resamples, seed ${seed}). They speak of the questions drawn, not of what a model does when it is asked again.`,
    'K is 1,024 and M is 1,048,576. A length is that of the document. Lengths marked ≤ are ranges: from half of it up to it.',
    'Evidence “ever” and “at end”: the share of the supporting passages of which some memory, or the last one, kept the section’s mark. Citations right: the share of citations that the text bears out and that lie on the evidence. Strategies that keep no memory, and questions whose evidence is not known, have no such number.',
    'Tokens, calls and cost are means per question, over prompts and replies; time is the median of those that were answered. A lone n beside a number says over how many questions it is, where that is not all.',
    'A fit a + b × length minimises the squared relative errors over the measured lengths.',
    `Computation is an estimate: a call over t tokens takes 2·P·t + 2·L·w·t·(t + 1) floating point operations, for P weights outside the embedding table, L layers and attention over w values, here those of ${shape.name} (P = ${shape.weights / 1e9} billion, L = ${shape.layers}, w = ${shape.attentionWidth}). The first part is every token passing every weight, the second is causal attention. Full attention is one such call over the whole document; a strategy’s is the sum over its calls, taken as equally long. Left out: softmax, norms, the vocabulary’s matrix, reuse of earlier prompts, and the traffic of memory. It tells how work grows, not how long it takes.`,
  ];
}
