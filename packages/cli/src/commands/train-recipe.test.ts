/** The recipes that come with the project, at a small scale against a server of the Tinker API on this machine. */
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHuggingFaceTokenizer } from '@memagent/core';
import {
  checkRecipe,
  createRecipeItems,
  loadTinyBase,
  type Sample,
  serveTinker,
  type TinkerServer,
} from '@memagent/train';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createCli } from '../call-cli.ts';

const callCli = createCli();
const root = new URL('../../../../', import.meta.url);
const tokenizer = fileURLToPath(new URL('packages/train/checkpoints/tiny', root));
const model = 'memagent/tiny';

let folder: string;
let server: TinkerServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-recipes-'));
  server = await serveTinker({
    folder: join(folder, 'server'),
    baseModels: { [model]: await loadTinyBase({}) },
  });
  // The questions that come with the evaluation, under the names that a recipe looks for.
  const data = fileURLToPath(new URL('packages/eval/data/hotpotqa/', root));
  await mkdir(join(folder, 'data'));
  await copyFile(join(data, 'questions.jsonl.gz'), join(folder, 'data', 'hotpotqa.jsonl.gz'));
  await copyFile(join(data, 'pool.jsonl.gz'), join(folder, 'data', 'pool_hotpotqa.jsonl.gz'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** What a window of 512 tokens has room for. */
const smallReading = {
  window: 480,
  sectionTokens: 200,
  memoryTokens: 16,
  outputTokens: 16,
  questionTokens: 100,
};
const smallTemplate =
  '=== update ===\n{question} {memory} {section} memory\n=== answer ===\n{question} {memory} answer in \\boxed{}\n';

/** Writes the recipe with shorter documents and budgets; all else is as published. */
async function shrink(name: string, task: Record<string, number>): Promise<string> {
  const recipe = parse(await readFile(new URL(`recipes/${name}.yaml`, root), 'utf8'));
  recipe.tasks = recipe.tasks.map((one: { task: string }) => ({ task: one.task, ...task }));
  const small = { ...recipe, reading: smallReading, template: smallTemplate };
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, stringify(small));
  return file;
}

/** Brevity is rewarded, so that a model of random weights has something to learn. */
const fewSteps =
  '--steps 2 --set questionsPerStep=2 rolloutsPerQuestion=2 miniBatchQuestions=1 dynamicSampling=null shaped.length=0.5 adam.learningRate=1e-3'.split(
    ' ',
  );

async function trainRecipe(
  recipe: string,
  out: string,
  more: string[] = [],
): Promise<Record<string, number>[]> {
  const args = ['train', '--recipe', recipe, '--out', out, '--tokenizer', tokenizer, '--backend', 'tinker'];
  const { code, stderr } = await callCli([
    ...args,
    ...`--base-url ${server.url} --model ${model} --lora-rank 0 --token-prices 1,2,3,4`.split(' '),
    ...fewSteps,
    ...more,
  ]);
  expect(stderr).toMatch(/Tokens of the engine, over all sessions: [1-9].*in all/);
  expect(code).toBe(0);
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test('recipes/ruler.yaml trains, its tasks in turns', async () => {
  const out = join(folder, 'ruler');
  const metrics = await trainRecipe(await shrink('ruler', { tokens: 400 }), out);
  expect(
    metrics.map(({ groupsKept, rolloutsFailed, optimSteps }) => [groupsKept, rolloutsFailed, optimSteps]),
  ).toEqual([
    [2, 0, 2],
    [2, 0, 4],
  ]);
  const rollouts = (await readFile(join(out, 'rollouts', 'step-000001.jsonl'), 'utf8')).trim().split('\n');
  const samples = new Set(rollouts.map((line) => String(JSON.parse(line).sampleId).split('/')[0]));
  expect([...samples]).toEqual(['niah_multikey_1', 'niah_multivalue']);
  const report = await callCli(['train', 'report', out]);
  expect(report.code).toBe(0);
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(
    'Tokens of the engine, over all sessions',
  );
}, 180_000);

test('recipes/hotpotqa.yaml trains on the questions that train filter keeps, with its KL term', async () => {
  const recipe = await shrink('hotpotqa', { paragraphs: 3 });
  const kept = join(folder, 'kept.jsonl');
  const data = join(folder, 'data');
  const itemAt = await createRecipeItems({
    recipe: checkRecipe(parse(await readFile(recipe, 'utf8')), recipe),
    tokenizer: await createHuggingFaceTokenizer({ tokenizer }),
    data,
  });
  const asked = await serveAnswers(await itemAt(1));
  const filter = async (count: number) =>
    callCli([
      ...`train filter --recipe ${recipe} --data ${data} --tokenizer ${tokenizer} --out ${kept}`.split(' '),
      ...`--model knowing --base-url ${asked.baseUrl} --count ${count}`.split(' '),
    ]);
  expect(await filter(3)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 of 3 questions kept/) });
  expect(asked.requests()).toBe(6);
  // Goes on where it was: only the fourth question is asked.
  expect(await filter(4)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 of 4 questions kept/) });
  expect(asked.requests()).toBe(8);

  const out = join(folder, 'hotpotqa');
  const metrics = await trainRecipe(recipe, out, ['--data', data, '--kept', kept]);
  expect(metrics.map(({ groupsKept, rolloutsFailed }) => [groupsKept, rolloutsFailed])).toEqual([
    [2, 0],
    [2, 0],
  ]);
  const questions = new Set<string>();
  for (const step of [1, 2]) {
    const text = await readFile(join(out, 'rollouts', `step-00000${step}.jsonl`), 'utf8');
    for (const line of text.trim().split('\n')) questions.add(JSON.parse(line).question);
  }
  // Positions 0, 2, 3, and again 0.
  const expected = await Promise.all([0, 2, 3].map(itemAt));
  expect([...questions]).toEqual(expected.map(({ question }) => question));
}, 180_000);

/** A chat server that knows one answer, and says so whenever that question is asked. */
async function serveAnswers({ question, answers }: Sample) {
  let requests = 0;
  const listener = createServer(async (request, response) => {
    requests += 1;
    const body = await new Response(Readable.toWeb(request) as ReadableStream).text();
    const content = body.includes(JSON.stringify(question).slice(1, -1)) ? answers[0] : 'no idea';
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ id: 'x', object: 'chat.completion', created: 0, model: 'knowing', choices }),
    );
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  const { port } = listener.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, requests: () => requests };
}
