/**
 * A task makes items: documents of any length with a question whose answer lies in them. An item follows from
 * the task, its parameters, the length, the seed, the index and the tokenizer, and is the same on every machine.
 * What is asked does not depend on the length: the item of one index is the same question at 8K and at 1M.
 */
import type { Tokenizer } from '@memagent/core';
import type { Materials, QuestionSetName } from '../documents/materials.ts';
import type { EvalItem } from '../item.ts';
import type { MetricName } from '../metrics/metric.ts';
import type { ParameterValue, Parameters } from './parameter.ts';

export interface Task {
  readonly name: string;
  /** One sentence for lists. */
  readonly description: string;
  readonly metric: MetricName;
  /** Most tokens that an answer needs. */
  readonly outputTokens: number;
  readonly parameters: Parameters;
  /** The question set that it asks; `materials` must have its files. */
  readonly questions?: QuestionSetName;
  /**
   * Makes an item. Throws `invalid-option` for a parameter that the task does not have, and for a length that
   * does not hold what must be in the document.
   */
  generate(request: ItemRequest): Promise<EvalItem>;
}

/** 1,024 tokens are called 1K, 1,048,576 are called 1M. */
export type ItemLength =
  /** Never exceeded, and missed by less than one unit: sentence, line or paragraph. */
  | { tokens: number; paragraphs?: undefined }
  /** Only for tasks over paragraphs. */
  | { paragraphs: number; tokens?: undefined };

export type ItemRequest = ItemLength & {
  seed: number;
  /** Which of the items of this seed: 0, 1, … */
  index: number;
  tokenizer: Tokenizer;
  materials: Materials;
  parameters?: Readonly<Record<string, ParameterValue>>;
  /** `tokens` counts as RULER's length does: with the words around the document and the output. */
  rulerLength?: boolean;
};
