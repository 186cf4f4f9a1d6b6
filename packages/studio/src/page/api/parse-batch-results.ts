/** The file that `memagent batch --out` writes: a line of JSON for each question. */
import type { RunResult } from '@memagent/core';

export interface BatchLine {
  id: string;
  status: 'answered' | 'not-found' | 'failed';
  runId: string | undefined;
  /** Why it failed. */
  problem: string | undefined;
  result: RunResult | undefined;
}

export interface BatchFile {
  lines: BatchLine[];
  /** Lines that are none of its results, such as one that was cut short. */
  unusable: number;
}

/** Reads the text of such a file. */
export function parseBatchResults(text: string): BatchFile {
  const given = text.split('\n').filter((line) => line.trim() !== '');
  const lines = given.map(parseLine).filter((line) => line !== undefined);
  return { lines, unusable: given.length - lines.length };
}

type WrittenLine = { id: string; runId?: string } & (
  | ({ status: 'answered' | 'not-found' } & RunResult)
  | { status: 'failed'; error: { message: string } }
);

function parseLine(text: string): BatchLine | undefined {
  let line: WrittenLine;
  try {
    line = JSON.parse(text) as WrittenLine;
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null || typeof line.id !== 'string') return undefined;
  const { id, status, runId } = line;
  if (status === 'failed') {
    return { id, status, runId, problem: line.error?.message ?? 'No reason was given.', result: undefined };
  }
  const isResult = (status === 'answered' || status === 'not-found') && typeof line.answer === 'string';
  if (!isResult || !Array.isArray(line.citations) || typeof line.usage !== 'object') return undefined;
  return { id, status, runId, problem: undefined, result: line };
}
