/**
 * Where a tiny model's memory goes wrong, section by section: every section of a document is read with the memory
 * that a perfect reader would have there, and what is looked at is how likely the right reply is (its first word; at
 * the temperature, and with the draws cut at top-p). Sections do not wait for each other, so that large batches can be
 * read: ten times as fast as reading. The product over the sections from the last wanted fact on is the chance that
 * the document's final memory is right, if a fact is taken up whatever memory was there before.
 *
 *   npm run bench:tiny-errors -- [--model packages/train/checkpoints/tiny] [--sections 64] [--count 64] [--first 0]
 *     [--tasks needle,update] [--distractors 3] [--temperature 0.7] [--top-p 0.95]
 */
import { parseArgs } from 'node:util';
import { renderPrompt } from '@memagent/core';
import { createTinyTask, firstEvaluationSeed, tinyTemplate, type TinyTaskName } from '@memagent/train';
import { createEngine } from '../packages/train/src/tiny/engine.ts';
import { groupByShape, packRows } from '../packages/train/src/tiny/pack-rows.ts';
import { readTinyConfig, readTinyWeights } from '../packages/train/src/tiny/tiny-files.ts';
import { encodeChat } from '../packages/train/src/tiny/tiny-tokenizer.ts';
import { idOf, keepId, vocabulary } from '../packages/train/src/tiny/vocabulary.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'packages/train/checkpoints/tiny' },
    sections: { type: 'string', default: '64' },
    count: { type: 'string', default: '64' },
    first: { type: 'string', default: '0' },
    tasks: { type: 'string', default: 'needle,update' },
    distractors: { type: 'string', default: '3' },
    temperature: { type: 'string', default: '0.7' },
    'top-p': { type: 'string', default: '0.95' },
  },
});
const sections = Number(values.sections);
const tasks = values.tasks.split(',') as TinyTaskName[];
const temperature = Number(values.temperature);
const topP = Number(values['top-p']);
const rows = 256;

interface Update {
  prompt: number[];
  /** The token that the reply should begin with. */
  right: number;
  key: string;
  memory: string;
  facts: readonly { key: string; value: string }[];
}

const config = await readTinyConfig(values.model);
const engine = createEngine(config, await readTinyWeights(values.model, config));
/** Expected wrong updates, by what the section should have done and what was done instead. */
const kinds = new Map<string, number>();
const chances: number[] = [];
let [updates, wrong] = [0, 0];
const first = Number(values.first);
for (let index = first; index < first + Number(values.count); index++) {
  const name = tasks[index % tasks.length] as TinyTaskName;
  const distractors = Number(values.distractors);
  const task = createTinyTask({ name, sections, seed: firstEvaluationSeed, index, distractors });
  const key = task.question.split(' ')[1] ?? '';
  let memory = '';
  let chance = 1;
  for (let from = 0; from < sections; from += 8 * rows) {
    const batch: Update[] = [];
    for (let section = from; section < Math.min(sections, from + 8 * rows); section++) {
      const facts = task.factsOf(section);
      const slots = {
        question: task.question,
        memory,
        section: task.textOf(section),
        number: section + 1,
        words: 0,
      };
      const prompt = encodeChat(renderPrompt(tinyTemplate, 'update', slots).map(({ content }) => content));
      const value = facts.findLast((fact) => fact.key === key)?.value;
      batch.push({ prompt, right: value === undefined ? keepId : idOf(value), key, memory, facts });
      if (value !== undefined) memory = value;
    }
    for (const [at, mistaken] of judge(batch).entries()) {
      updates += 1;
      wrong += mistaken;
      chance = batch[at]?.right === keepId ? chance * (1 - mistaken) : 1 - mistaken;
    }
  }
  chances.push(chance);
  if (sections > 10_000) {
    console.log(
      `${name} ${index}: right with a chance of ${chance.toFixed(4)}; ${wrong.toFixed(2)} wrong so far`,
    );
  }
}
engine.close();
console.log(`${updates} updates, ${wrong.toFixed(2)} wrong: ${(wrong / updates).toExponential(2)} of each`);
for (const [kind, count] of [...kinds].toSorted((a, b) => b[1] - a[1]))
  console.log(`  ${kind}: ${count.toFixed(2)}`);
const mean = chances.reduce((sum, one) => sum + one, 0) / chances.length;
console.log(
  `final memory right in ${(100 * mean).toFixed(2)}% of ${chances.length} documents of ${sections} sections`,
);

/** The chance of a wrong first word, by update. */
function judge(batch: readonly Update[]): number[] {
  const contents = batch.map(({ prompt }) => ({ prompt, actions: [] }));
  const mistakes = batch.map(() => 0);
  for (const group of groupByShape(contents, [rows])) {
    const members = group.map((place) => contents[place] as (typeof contents)[number]);
    const read = engine.readPrompts(packRows(members, rows));
    const width = config.vocab_size;
    group.forEach((place, row) => {
      const logits = read.logits.subarray(row * width, (row + 1) * width);
      mistakes[place] = mistakenBy(logits, batch[place] as Update);
    });
    read.close();
  }
  return mistakes;
}

/** The chance of another word than the right one; counts what it would be. */
function mistakenBy(logits: Float32Array, update: Update): number {
  const most = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp((logit - most) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if ((weights[update.right] ?? 0) >= topP * total) return 0;
  const order = [...weights.keys()].toSorted((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  let sum = 0;
  const drawn = order.slice(0, order.findIndex((token) => (sum += weights[token] ?? 0) >= topP * total) + 1);
  for (const token of drawn) {
    if (token === update.right) continue;
    const kind = `${update.right === keepId ? 'nothing to note' : 'a fact to note'}, ${describe(token, update)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + (weights[token] ?? 0) / sum);
  }
  return drawn.includes(update.right) ? 1 - (weights[update.right] ?? 0) / sum : 1;
}

function describe(token: number, { memory, facts }: Update): string {
  const word = vocabulary[token] ?? '';
  if (token === keepId) return 'kept the memory';
  if (facts.some(({ value }) => value === word)) return 'noted the value of another fact';
  if (facts.some((fact) => fact.key === word)) return 'noted a name that a fact is about';
  return word === memory ? 'wrote the memory again' : 'wrote something else';
}
