/**
 * In an application of the AI SDK: a model of its own with prompts of any length, and the agent as a model.
 *
 *   node examples/ai-sdk.ts http://127.0.0.1:11434/v1 qwen3:4b
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText, wrapLanguageModel } from 'ai';
import { readFile } from 'node:fs/promises';
import { longContext, memagentModel } from 'memagent';

const [baseURL = 'http://127.0.0.1:11434/v1', modelId = 'qwen3:4b'] = process.argv.slice(2);
const model = createOpenAICompatible({ name: 'local', baseURL, includeUsage: true }).chatModel(modelId);

// The first chapters of War and Peace, about 15,000 tokens: twice the window.
const book = (await readFile(new URL('data/war-and-peace.txt', import.meta.url), 'utf8')).slice(0, 60_000);
const prompt = `${book}\n\nWho was nicknamed the King of Prussia?`;

// Your model, with tools, structured output and streaming as ever: what is too long comes to it as a memory.
const patient = wrapLanguageModel({ model, middleware: longContext({ window: 8192 }) });
const { textStream, usage } = streamText({ model: patient, prompt });
for await (const delta of textStream) process.stdout.write(delta);
console.log(`\n${(await usage).totalTokens} tokens in all`);

// The agent: it reads, answers, and cites.
const { text, sources } = await generateText({ model: memagentModel({ model }), prompt });
console.log(`\n${text}`);
for (const { title, providerMetadata } of sources)
  console.log(`${title}: “${providerMetadata?.['memagent']?.['text']}”`);
