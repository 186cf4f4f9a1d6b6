/**
 * Read with a language model: here any OpenAI-compatible server, for example Ollama.
 *
 *   node examples/with-a-model.ts http://127.0.0.1:11434/v1 qwen3:4b
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMemoryRunStore, read } from 'memagent';

const [baseURL = 'http://127.0.0.1:11434/v1', modelId = 'qwen3:4b'] = process.argv.slice(2);
const model = createOpenAICompatible({ name: 'local', baseURL }).chatModel(modelId);

const run = read({
  model,
  question: 'Who commands the Russian army at Borodino?',
  source: { file: new URL('data/war-and-peace.txt', import.meta.url).pathname },
  strategy: 'retrieve', // One call instead of one per section, so that the example is quick.
  store: createMemoryRunStore(),
});
for await (const event of run) {
  if (event.type === 'call-end') console.log(`${event.step}: ${event.usage.promptTokens} tokens read`);
  if (event.type === 'notice') console.log(event.message);
}
const { answer, found, usage } = await run.result;
console.log(found ? answer : 'Not in the book.');
console.log(`${usage.calls} call(s), ${usage.promptTokens} + ${usage.completionTokens} tokens`);
