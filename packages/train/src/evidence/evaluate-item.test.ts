import { createExtractiveReader, selectTokenizer } from '@memagent/core';
import { expect, test } from 'vitest';
import { createBm25Contestant } from './bm25-contestant.ts';
import { createReaderContestant } from './contestant.ts';
import { evaluateItem, type EvidenceRecord } from './evaluate-item.ts';
import { loadEvidenceData } from './evidence-data.ts';
import { createStepTools } from './evidence-policy.ts';
import { sampleSketch } from './sample-observations.ts';
import { summarizeEvidence } from './summarize-evidence.ts';

const { questions, pool } = await loadEvidenceData();
const tokenizer = await selectTokenizer('o200k_base');

test('reads a document once with several contestants, each within its budgets', async () => {
  const row = questions.find(({ dataSet }) => dataSet === 'squad');
  if (!row) throw new Error('The data has no question of SQuAD.');
  const budgets = [64, 400];
  const contestants = [
    createReaderContestant('rule', createExtractiveReader(), row.question, budgets),
    createBm25Contestant(row.question, createStepTools(sampleSketch), tokenizer),
  ];
  const request = { row, pool: pool.slice(0, 200), paragraphs: 60, filtered: true, seed: 's' };
  const record = await evaluateItem({ ...request, budgets, contestants, tokenizer });
  expect(record).toMatchObject({ id: `squad/${row.id}`, paragraphs: 60, recycled: 0, sections: 2 });
  expect(record.scores.map(({ contestant, budget }) => `${contestant} ${budget}`)).toEqual([
    'rule 64',
    'rule 400',
    'bm25 64',
    'bm25 400',
  ]);
  for (const { budget, memoryTokens } of record.scores) expect(memoryTokens).toBeLessThanOrEqual(budget);
  expect(record.scores.filter(({ budget }) => budget === 400)).toEqual([
    expect.objectContaining({ answer: true, recall: 1 }),
    expect.objectContaining({ answer: true, recall: 1 }),
  ]);
});

function recordOf(id: string, paragraphs: number, trained: boolean, rule: boolean): EvidenceRecord {
  return {
    id,
    dataSet: 'squad',
    paragraphs,
    filtered: true,
    recycled: 0,
    tokens: 100 * paragraphs,
    sections: 1,
    scores: [
      { contestant: 'trained', budget: 128, answer: trained, recall: 1, memoryTokens: 100 },
      { contestant: 'rule', budget: 128, answer: rule, recall: 0.5, memoryTokens: 100 },
    ],
  };
}

test('tables show shares, what is gained and what is lost on the same questions', () => {
  const summary = summarizeEvidence([
    recordOf('a', 50, true, false),
    recordOf('b', 50, true, true),
    recordOf('a', 200, false, false),
    recordOf('b', 200, true, true),
    recordOf('c', 200, true, true),
  ]);
  expect(summary).toContain('| 50 | 5000 | 0 | 2 | trained | 100.0 (34.2 to 100.0) |');
  expect(summary).toMatch(/\| 50 \| rule \| 50\.0 \(0\.0 to 100\.0\), n 2 \|/);
  expect(summary).toMatch(/\| trained \| 50 to 200 \| -50\.0 \(-100\.0 to 0\.0\), n 2 \|/);
});
