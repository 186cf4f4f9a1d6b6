import { expect, test } from 'vitest';
import { parseBatchResults } from './parse-batch-results.ts';

const answered = {
  id: 'q1',
  status: 'answered',
  runId: 'batch-1',
  answer: 'Ada Holm [3]',
  citations: [],
  usage: { promptTokens: 3, completionTokens: 1 },
  elapsedMs: 5,
};
const failed = {
  id: 'q2',
  status: 'failed',
  line: 2,
  error: { code: 'model-failed', message: 'It was asked 7 times.' },
};

test('answers and failures are told apart, and lines that are neither are counted', () => {
  const text = [answered, failed].map((line) => JSON.stringify(line)).join('\n');
  expect(parseBatchResults(`${text}\n\n{"id":"q3","sta\nnull\n{"id":"q4"}\n`)).toMatchObject({
    lines: [
      { id: 'q1', status: 'answered', runId: 'batch-1', result: { answer: 'Ada Holm [3]' } },
      { id: 'q2', status: 'failed', runId: undefined, problem: 'It was asked 7 times.' },
    ],
    unusable: 3,
  });
});
