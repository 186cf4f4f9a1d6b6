/**
 * How a prediction is scored: a pure function from a prediction and the right answers to a number from 0 to 1.
 * Each metric exists once; the evaluation and the trainer's rewards use the same function.
 */

/** What a metric compares the prediction with. */
export interface MetricInput {
  prediction: string;
  answers: readonly string[];
  /** Values that an answer must not give: outdated ones, or what the document orders the reader to say. */
  rejected?: readonly string[];
  unanswerable?: boolean;
  choices?: Readonly<Record<string, string>>;
  /** Whether the agent said that it found an answer. */
  found?: boolean;
}

export type Metric = (input: MetricInput) => number;

/** The metrics by name; see the file of the same name for each. */
export type MetricName =
  | 'string-match-all'
  | 'string-match-part'
  | 'exact-match'
  | 'f1'
  | 'strict-exact-match'
  | 'lenient-match'
  | 'rouge-l'
  | 'multiple-choice'
  | 'number-closeness'
  | 'abstention';
