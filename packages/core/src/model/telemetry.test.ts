import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { read } from '../run/read.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel } from '../testing/scripted-model.ts';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});
afterAll(() => trace.disable());

test('a run is a span with one child span per call, in the GenAI conventions, without any text', async () => {
  const model = createScriptedModel([
    { text: 'Anna has a red hat [1].', usage: { promptTokens: 320, completionTokens: 9 } },
    { text: 'A red hat [1].', usage: { promptTokens: 120, completionTokens: 6 } },
  ]);
  const source = 'Anna has a red hat.';
  const run = read({
    model,
    question: 'What has Anna?',
    source,
    store: createMemoryRunStore(),
    tokenizer: 'o200k_base',
  });
  await run.result;

  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.name)).toEqual(['chat scripted', 'chat scripted', 'invoke_agent memagent']);
  const [update, answer, whole] = spans;
  expect(update?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'scripted',
    'gen_ai.request.model': 'scripted',
    'gen_ai.usage.input_tokens': 320,
    'gen_ai.usage.output_tokens': 9,
    'gen_ai.response.finish_reasons': ['stop'],
    'memagent.step': 'update/1',
  });
  expect(answer?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  expect(whole?.attributes['gen_ai.conversation.id']).toBe(run.runId);
  expect(JSON.stringify(spans.map((span) => span.attributes))).not.toContain('red');
});
