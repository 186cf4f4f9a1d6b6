import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** Catches an empty question, and a document in the question's place. */
export async function checkQuestion(
  question: string,
  paths: readonly string[],
  { cwd }: Shell,
): Promise<void> {
  if (question.trim() === '') {
    throw usageError(
      'The question is empty. Write it first, in quotes: memagent ask "<question>" <source...>',
    );
  }
  if (question.includes('\n') || !(await exists(resolve(cwd, question)))) return;
  const others = paths.length === 0 ? question : [...paths, question].join(' ');
  throw usageError(
    `${JSON.stringify(question)} stands where the question belongs, and is a file or folder. The question comes first, in quotes: memagent ask "<question>" ${others}`,
  );
}

async function exists(path: string): Promise<boolean> {
  // A question can be too long, or otherwise impossible, for a path: then it is none.
  return stat(path).then(
    () => true,
    () => false,
  );
}
