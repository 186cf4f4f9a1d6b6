/** Test your own program: a scripted model for exact replies, a loopback server for everything that can go wrong. */
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMemoryRunStore, read } from 'memagent';
import { createScriptedModel, startLoopbackServer } from 'memagent/testing';

const question = 'Where does Boris live?';
const source = 'Anna lives in Moscow. Boris lives in Kazan.';
const store = createMemoryRunStore();

// Exact replies, in order; one call too many is an error.
const scripted = createScriptedModel(['Boris lives in Kazan [1].', 'In Kazan [1].']);
const { answer } = await read({ model: scripted, question, source, store }).result;
assert.equal(answer, 'In Kazan [1].');
assert.equal(scripted.requests.length, 2);

// A server on loopback that reads by extraction, and fails half of the time.
const server = await startLoopbackServer({
  faults: { rate: 0.5, kinds: ['server-error', 'empty', 'malformed'], seed: 7 },
});
try {
  const model = createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl }).chatModel('loopback');
  const retry = { minDelayMs: 1, maxDelayMs: 5 };
  const result = await read({ model, question, source, store, retry }).result;
  assert.match(result.answer, /Kazan/);
  console.log(`answered after ${server.stats.requests} requests: ${result.answer}`);
} finally {
  await server.close();
}
