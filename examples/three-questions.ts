/**
 * Three questions of a book, by the extractive reader and through an OpenAI-compatible server on loopback that reads
 * by extraction too. Every citation is compared with the book. Ask others: node examples/three-questions.ts "Who …?"
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMemoryRunStore, read, type ReadOptions } from 'memagent';
import { startLoopbackServer } from 'memagent/testing';

const asked = process.argv.slice(2);
const questions =
  asked.length > 0
    ? asked
    : [
        'Who was nicknamed the King of Prussia?',
        'What is the name of the estate of Prince Nikolai Bolkonski?',
        'Who was appointed commander in chief of the army before Borodino?',
      ];
const file = new URL('data/war-and-peace.txt', import.meta.url).pathname;
const book = await readFile(file, 'utf8');

const server = await startLoopbackServer({ window: 8192 });
const loopback = createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl }).chatModel('loopback');
try {
  await askAll('The extractive reader', { reader: 'extractive' });
  await askAll('A model behind the server on loopback', { model: loopback });
} finally {
  await server.close();
}
console.log(`${server.stats.requests} requests, ${server.stats.overWindow} of them over the window`);

async function askAll(reader: string, options: Pick<ReadOptions, 'model' | 'reader'>): Promise<void> {
  console.log(`${reader}:\n`);
  for (const question of questions) {
    const run = read({
      ...options,
      question,
      source: { file },
      tokenizer: 'o200k_base',
      store: createMemoryRunStore(),
    });
    const { answer, citations, sections, usage } = await run.result;
    console.log(`> ${question} (${sections} sections, ${usage.calls} calls)`);
    console.log(answer);
    for (const { mark, start, end, text } of citations) {
      assert.equal(text, book.slice(start, end));
      console.log(`  [${mark}] = characters ${start} to ${end}`);
    }
    console.log();
  }
}
