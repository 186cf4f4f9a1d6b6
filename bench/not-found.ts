/**
 * How well the extractive reader tells what a text answers from what it does not: by the least score that an answer
 * must have, the share of questions that it finds, and that it gets right. Each question is asked of its own text,
 * of the text of a question of the next file, and the first of each file of whole books.
 *
 *   npm run bench:not-found -- --questions FILE[,DOCUMENTS] ... --book FILE ... [--items 300] [--of-books 30]
 *
 * Files of questions are as in docs/data.md, "Your own questions".
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createExtractiveReader, createMemoryRunStore, createTiktokenTokenizer, read } from '@memagent/core';
import { type EvalItem, findDataSet, findMetric } from '@memagent/eval';

interface Asked {
  question: string;
  answers: readonly string[];
  text: string;
}

const { values: flags } = parseArgs({
  options: {
    questions: { type: 'string', multiple: true, default: [] },
    book: { type: 'string', multiple: true, default: [] },
    items: { type: 'string', default: '300' },
    'of-books': { type: 'string', default: '30' },
  },
});
const levels = [0, 0.1, 0.2, 0.25, 0.3, 0.32, 0.35, 0.4, 0.5];
const tokenizer = await createTiktokenTokenizer('o200k_base');
const reader = createExtractiveReader({ leastScore: 0 });
const isRight = findMetric('lenient-match');
const onSkipped = (): void => {};

printRow('least score', levels);
const sets = [];
for (const files of flags.questions) {
  const name = nameOf(files);
  const all = await load(files.split(','), Number(flags.items));
  const answerable = all.filter(({ answers }) => answers.length > 0);
  await report(name, answerable);
  await report(
    `${name}, without an answer`,
    all.filter(({ answers }) => answers.length === 0),
  );
  if (answerable.length > 0) sets.push({ name, asked: answerable });
}
for (const [index, { name, asked }] of sets.entries()) {
  const next = sets[(index + 1) % sets.length];
  if (!next || next.name === name) break;
  const texts = next.asked.map(({ text }) => text);
  await report(
    `${name} asked of ${next.name}`,
    asked.map(({ question }, at) => ({ question, answers: [], text: texts[at % texts.length] ?? '' })),
  );
}
for (const path of flags.book) {
  const text = await readFile(path, 'utf8');
  const asked = sets.flatMap((set) => set.asked.slice(0, Number(flags['of-books'])));
  await report(
    `all asked of ${nameOf(path)}`,
    asked.map(({ question }) => ({ question, answers: [], text })),
  );
}

async function load(files: readonly string[], most: number): Promise<Asked[]> {
  const asked: Asked[] = [];
  for await (const item of findDataSet('questions').load(files, { onSkipped })) {
    asked.push(await toAsked(item));
    if (asked.length === most) break;
  }
  return asked;
}

async function toAsked({ question, answers, document }: EvalItem): Promise<Asked> {
  let text = '';
  for await (const piece of document()) text += piece;
  return { question, answers, text };
}

async function report(name: string, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const results: { score: number; right: number }[] = [];
  for (const { question, answers, text } of asked) {
    const run = read({ question, source: text, reader, tokenizer, store: createMemoryRunStore() });
    let score = 0;
    for await (const event of run) if (event.type === 'answer-end') score = event.score ?? 0;
    const { answer: prediction } = await run.result;
    results.push({ score, right: answers.length === 0 ? 0 : isRight({ prediction, answers }) });
  }
  const shareAt = (count: (level: number, result: (typeof results)[number]) => number): number[] =>
    levels.map(
      (level) => (100 * results.reduce((sum, result) => sum + count(level, result), 0)) / asked.length,
    );
  printRow(
    `${name} (${asked.length}): found`,
    shareAt((level, { score }) => Number(score >= level)),
    1,
  );
  if (results.every(({ right }) => right === 0)) return;
  printRow(
    `${name}: right`,
    shareAt((level, { score, right }) => (score >= level ? right : 0)),
    1,
  );
}

function printRow(name: string, numbers: readonly number[], digits?: number): void {
  const cells = numbers.map((number) => (digits === undefined ? String(number) : number.toFixed(digits)));
  console.log(name.padEnd(56) + cells.map((cell) => cell.padStart(7)).join(''));
}

function nameOf(path: string): string {
  return basename(path.split(',')[0] ?? '').replace(/\..*$/, '');
}
