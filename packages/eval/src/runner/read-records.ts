import { readFile } from 'node:fs/promises';
import { MemagentError } from '@memagent/core';
import type { EvalRecord } from './record.ts';

/** The records of a results file; none if it does not exist. A last line cut short by a crash is left out. */
export async function readRecords(path: string): Promise<EvalRecord[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as EvalRecord];
    } catch (cause) {
      if (index === lines.length - 1) return [];
      throw new MemagentError(
        `${path}, line ${index + 1}: not a result, but ${JSON.stringify(line.slice(0, 60))}.`,
        {
          code: 'invalid-option',
          data: { path, line: index + 1 },
          cause,
        },
      );
    }
  });
}
