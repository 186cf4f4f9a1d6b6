/**
 * All records of a kind from a whole book: the books of War and Peace with their years, from the table of contents and
 * from the text, each value with its place. By default a server on loopback plays the model, which collects by rule;
 * with a model of your own: node examples/extract-records.ts <base-url> <model>
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMemoryRunStore, extract } from 'memagent';
import { startLoopbackServer } from 'memagent/testing';
import { z } from 'zod';

const [baseUrl, name = 'loopback'] = process.argv.slice(2);
const file = new URL('data/war-and-peace.txt', import.meta.url).pathname;
const text = await readFile(file, 'utf8');

const server = await startLoopbackServer({ window: 8192 });
const provider = createOpenAICompatible({
  name: 'compatible',
  baseURL: baseUrl ?? server.baseUrl,
  supportsStructuredOutputs: true,
});

const run = extract({
  model: provider.chatModel(name),
  instructions: 'The books that the novel is divided into, with the year in which each begins.',
  schema: z.object({ book: z.string().regex(/^BOOK [A-Z]+/), year: z.string().regex(/^1[78]\d\d/) }),
  key: ['book'],
  source: { file },
  tokenizer: 'o200k_base',
  store: createMemoryRunStore(),
});

try {
  for await (const { record, fields, conflicts } of run.records()) {
    const places = fields['book']?.[0]?.citations ?? [];
    for (const { quote, start, end } of places) assert.equal(text.slice(start, end), quote);
    const at = places.map(({ start }) => start).join(' and ');
    console.log(`${record.book}: ${record.year}, at ${at}${conflicts.length > 0 ? ' (in conflict)' : ''}`);
  }
  const { answer, sections, usage } = await run.result;
  console.log(`${answer}; ${sections} sections, ${usage.calls} calls`);
} finally {
  await server.close();
}
if (baseUrl === undefined) console.log(`${server.stats.overWindow} requests over the window`);
