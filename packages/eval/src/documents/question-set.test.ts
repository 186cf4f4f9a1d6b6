import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadQuestionSet } from './question-set.ts';

const gold = { title: 'Pip', text: 'Pip was born in Kent.', supporting: true };
const bluff = { title: 'Joe', text: 'Joe is a smith.', supporting: false };
const unsure = { title: 'Kent', text: 'Kent is a county.', supporting: null };
const question = {
  id: 'q1',
  question: 'Where was Pip born?',
  answers: ['Kent'],
  documents: [bluff, gold, unsure],
};

describe('loadQuestionSet', () => {
  it('tells supporting paragraphs from others, and leaves out what cannot be asked', async () => {
    const questions = await writeLines('questions.jsonl', [
      question,
      { ...question, id: 'no answer', answers: [] },
      { ...question, id: 'no support', documents: [bluff] },
    ]);
    const set = await loadQuestionSet({ questions });
    expect(set.questions).toEqual([
      expect.objectContaining({
        id: 'q1',
        supporting: [expect.objectContaining({ title: 'Pip' })],
        distractors: [expect.objectContaining({ title: 'Joe' }), expect.objectContaining({ title: 'Kent' })],
      }),
    ]);
    expect(set.pool).toHaveLength(3);
  });

  it('reads gzipped pools, several of them, each paragraph once', async () => {
    const questions = await writeLines('questions.jsonl.gz', [question]);
    const first = await writeLines('a.jsonl.gz', [{ id: 'p1', title: 'A', text: 'One.' }]);
    const second = await writeLines('b.jsonl', [
      { title: 'B', text: 'Two.' },
      { title: 'A', text: 'One.' },
    ]);
    const { pool } = await loadQuestionSet({ questions, pool: [first, second] });
    expect(pool).toEqual([
      { title: 'A', text: 'One.' },
      { title: 'B', text: 'Two.' },
    ]);
  });

  it.each([
    ['a line that is no JSON', ['{"id"'], /line 1: .*JSON/],
    ['a line of another kind', [JSON.stringify(question), '{"question":"Why?"}'], /line 2: .*documents/s],
    ['no line at all', [], /none of its lines/],
  ])('refuses %s', async (_name, lines, message) => {
    const questions = await write('bad.jsonl', lines.join('\n'));
    await expect(loadQuestionSet({ questions })).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['questions.jsonl', 'questions.jsonl.gz'])('refuses a file that is not there: %s', async (name) => {
    await expect(loadQuestionSet({ questions: `/nowhere/${name}` })).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('ENOENT') as string,
    });
  });
});

const writeLines = (name: string, rows: readonly object[]): Promise<string> =>
  write(name, rows.map((row) => JSON.stringify(row)).join('\n'));

async function write(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  return join(folder, name);
}
