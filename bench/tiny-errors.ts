/**
 * Where a tiny model's memory goes wrong, section by section: every section of a document is read with the memory
 * that a perfect reader would have there, and what is looked at is how likely the right reply is (its first word; at
 * the temperature, and with the draws cut at top-p). Sections do not wait for each other, so that large batches can be
 * read: ten times as fast as reading. The product over the sections from the last wanted fact on is the chance that
 * the document's final memory is right, if a fact is taken up whatever memory was there before.
 *
 * With `--pairs N` no documents are read, but for every two names N sections that tell one fact about the second, when
 * the first is asked for: a pair that is taken for the same spoils every long document about that name.
 *
 *   npm run bench:tiny-errors -- [--model packages/train/checkpoints/tiny] [--sections 64] [--count 64] [--first 0]
 *     [--tasks needle,update] [--distractors 3] [--temperature 0.7] [--top-p 0.95] [--pairs 2]
 */
import { parseArgs } from 'node:util';
import { renderPrompt } from '@memagent/core';
import { createRandom } from '@memagent/eval';
import { createTinyTask, firstEvaluationSeed, tinyTemplate, type TinyTaskName } from '@memagent/train';
import { createEngine } from '../packages/train/src/tiny/engine.ts';
import { groupByShape, packRows } from '../packages/train/src/tiny/pack-rows.ts';
import { readTinyConfig, readTinyWeights } from '../packages/train/src/tiny/tiny-files.ts';
import { type Fact, sectionWords, writeSection } from '../packages/train/src/tiny/tiny-task.ts';
import { encodeChat } from '../packages/train/src/tiny/tiny-tokenizer.ts';
import { idOf, keepId, names, vocabulary } from '../packages/train/src/tiny/vocabulary.ts';

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
    pairs: { type: 'string' },
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
  memory: string;
  facts: readonly Fact[];
}

/** A pair that is mistaken more often spoils a document of 62,500 sections, in which it stands 370 times. */
const confusedFrom = 1e-4;

const config = await readTinyConfig(values.model);
const engine = createEngine(config, await readTinyWeights(values.model, config));
/** Expected wrong updates, by what the section should have done and what was done instead. */
const kinds = new Map<string, number>();
if (values.pairs === undefined) judgeDocuments();
else judgePairs(Number(values.pairs));
engine.close();
for (const [kind, count] of [...kinds].toSorted((a, b) => b[1] - a[1]))
  console.log(`  ${kind}: ${count.toFixed(2)}`);

function judgeDocuments(): void {
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
        const value = facts.findLast((fact) => fact.key === key)?.value;
        const right = value === undefined ? keepId : idOf(value);
        batch.push(updateOf(task.question, memory, task.textOf(section), right, facts));
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
  console.log(`${updates} updates, ${wrong.toFixed(2)} wrong: ${(wrong / updates).toExponential(2)} of each`);
  const mean = chances.reduce((sum, one) => sum + one, 0) / chances.length;
  console.log(
    `final memory right in ${(100 * mean).toFixed(2)}% of ${chances.length} documents of ${sections} sections`,
  );
}

function judgePairs(count: number): void {
  const confused: { pair: string; mistaken: number }[] = [];
  let wrong = 0;
  for (const asked of names) {
    const others = names.filter((other) => other !== asked);
    const batch = others.flatMap((other) =>
      Array.from({ length: count }, (_, index) => {
        const random = createRandom(`pairs/${asked}/${other}/${index}`);
        const facts = [{ key: other, value: random.pick(names) }];
        // A memory that holds a name, and every fourth time none yet.
        const memory = index % 4 === 3 ? '' : random.pick(names);
        return updateOf(
          `${random.pick(['find', 'last'])} ${asked}`,
          memory,
          writeSection(facts, sectionWords, random),
          keepId,
          facts,
        );
      }),
    );
    const mistakes = judge(batch);
    for (const [at, other] of others.entries()) {
      const own = mistakes.slice(at * count, (at + 1) * count);
      const mistaken = own.reduce((sum, one) => sum + one, 0) / count;
      wrong += mistaken * count;
      if (mistaken > confusedFrom) confused.push({ pair: `${asked}/${other}`, mistaken });
    }
  }
  const pairs = names.length * (names.length - 1);
  console.log(
    `${pairs * count} updates, ${wrong.toFixed(2)} wrong: ${(wrong / pairs / count).toExponential(2)} of each`,
  );
  const subjects = new Set(confused.map(({ pair }) => pair.split('/')[0]));
  console.log(
    `${confused.length} of ${pairs} pairs confused more often than once in ${1 / confusedFrom}, of ${subjects.size} names of ${names.length}`,
  );
  for (const { pair, mistaken } of confused.toSorted((a, b) => b.mistaken - a.mistaken).slice(0, 12))
    console.log(`  ${pair}: ${mistaken.toFixed(4)}`);
}

function updateOf(
  question: string,
  memory: string,
  section: string,
  right: number,
  facts: readonly Fact[],
): Update {
  const slots = { question, memory, section, number: 1, words: 0 };
  const prompt = encodeChat(renderPrompt(tinyTemplate, 'update', slots).map(({ content }) => content));
  return { prompt, right, memory, facts };
}

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
  if (update.right === keepId && update.memory !== '') {
    // To write the same memory again is to keep it.
    const same = idOf(update.memory);
    weights[keepId] = (weights[keepId] ?? 0) + (weights[same] ?? 0);
    weights[same] = 0;
  }
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

function describe(token: number, { facts }: Update): string {
  const word = vocabulary[token] ?? '';
  if (token === keepId) return 'kept the memory';
  if (facts.some(({ value }) => value === word)) return 'noted the value of another fact';
  if (facts.some((fact) => fact.key === word)) return 'noted a name that a fact is about';
  return 'wrote something else';
}
