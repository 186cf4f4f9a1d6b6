import { join } from 'node:path';
import type { MaterialOptions } from './materials.ts';

const file = (name: string): string => join(import.meta.dirname, '../../data', name);

/**
 * The questions that come with the package, so that every task over HotpotQA and SQuAD works as it is: 128 and
 * 100 questions with 2,400 and 1,200 distractor paragraphs, which longer documents repeat. Give the full files
 * for numbers to publish.
 */
export const bundledQuestions: NonNullable<MaterialOptions['questions']> = Object.freeze({
  hotpotqa: { questions: file('hotpotqa/questions.jsonl.gz'), pool: file('hotpotqa/pool.jsonl.gz') },
  squad: { questions: file('squad/questions.jsonl.gz'), pool: file('squad/pool.jsonl.gz') },
});
