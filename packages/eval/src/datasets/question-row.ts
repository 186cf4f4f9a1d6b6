/**
 * memagent's own schema for questions over documents, the one form that every other data set can be brought into:
 *
 * - a question file: lines with `id`, `dataset`, `question`, `answers` and `documents`, a list of `{title, text,
 *   supporting}` where `supporting` is true for evidence, false for a distractor, null where nobody knows;
 * - a documents file, for questions that share long documents: lines with `group` and `documents`; the question
 *   has the same `group`, no documents, and the indices of the evidence in `supporting`.
 *
 * The tasks over N paragraphs read the same question files, see `documents/question-set.ts`.
 */
import { z } from 'zod';
import { isMetricName } from '../metrics/find-metric.ts';

export const questionRow = z.object({
  id: z.string(),
  dataset: z.string(),
  question: z.string(),
  /** Any of them is right; empty when `unanswerable`. */
  answers: z.array(z.string()),
  documents: z.array(z.object({ title: z.string(), text: z.string(), supporting: z.boolean().nullish() })),
  unanswerable: z.boolean().default(false),
  group: z.string().optional(),
  supporting: z.array(z.number()).default([]),
  /** Four texts, A to D; `answers` then holds the letter and the text. */
  choices: z.array(z.string()).optional(),
  task: z.string().optional(),
  type: z.string().optional(),
  level: z.string().optional(),
  question_date: z.string().optional(),
  /** Overrides the metric that `dataset` implies. */
  metric: z.string().refine(isMetricName, 'is no metric').optional(),
});
export type QuestionRow = z.output<typeof questionRow>;

export const documentsRow = z.object({
  group: z.string(),
  documents: z.array(z.object({ title: z.string(), text: z.string() })),
});
export type DocumentsRow = z.output<typeof documentsRow>;
