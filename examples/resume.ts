/** A hard limit stops a run; another call goes on where it stopped, and pays for nothing twice. */
import { createMemoryRunStore, MemagentError, read, resume } from 'memagent';
import { createScriptedModel } from 'memagent/testing';

// Stands for a real model: notes the number of the section, and reports what it used.
const model = createScriptedModel((_call, index) => ({
  text: `Note ${index + 1} [1].`,
  usage: { promptTokens: 1000, completionTokens: 10 },
}));
const store = createMemoryRunStore();
const source = 'All happy families are alike. '.repeat(4000);

const run = read({
  model,
  question: 'What is alike?',
  source,
  store,
  tokenizer: 'o200k_base',
  maxTokens: 8000,
});
try {
  await run.result;
} catch (error) {
  if (!(error instanceof MemagentError) || !error.resumable) throw error;
  console.log(`stopped: ${error.code} after ${model.requests.length} calls`);
}

const { usage } = await resume({ runId: run.runId, model, store }).result;
console.log(`finished after ${usage.calls} calls in all, ${model.requests.length} of them made`);
