import { messageOf } from '@memagent/core';
import type { Row } from './row.ts';

/** One JSON value per line; empty lines are passed over, and a line that is not JSON is a row with a problem. */
export async function* readJsonLines(file: string, text: AsyncIterable<string>): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of splitLines(text)) {
    number += 1;
    if (line.trim() !== '') yield { file, unit: 'line', number, ...parse(line) };
  }
}

function parse(line: string): Pick<Row, 'value' | 'problem'> {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return { value: undefined, problem: `not JSON: ${messageOf(error)}` };
  }
}

/** Lines without their ends. A line may be many chunks long, so its pieces are joined once. */
async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let pieces: string[] = [];
  for await (const chunk of text) {
    const [head = '', ...rest] = chunk.split('\n');
    pieces.push(head);
    for (const piece of rest) {
      yield pieces.join('');
      pieces = [piece];
    }
  }
  yield pieces.join('');
}
