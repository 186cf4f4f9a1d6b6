/** What the adapters' examples read, and by which model: without one, by the built-in reader. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import { readFile } from 'node:fs/promises';

/** The first chapters of War and Peace, about 15,000 tokens. */
export async function beginningOfBook(): Promise<string> {
  const book = await readFile(new URL('../data/war-and-peace.txt', import.meta.url), 'utf8');
  return book.slice(0, 60_000);
}

/** The OpenAI-compatible model of the command line's arguments. */
export function modelFromArguments(): { model?: LanguageModel } {
  const [baseURL, name] = process.argv.slice(2);
  if (baseURL === undefined || name === undefined) return {};
  return { model: createOpenAICompatible({ name: 'local', baseURL }).chatModel(name) };
}
