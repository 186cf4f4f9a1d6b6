import { generateText, streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { createScriptedModel, promptMessages } from './scripted-model.ts';

const ask = { prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Who?' }] }] };

/** One token per character; 3 per message for the chat template. */
const characters: Tokenizer = {
  name: 'characters',
  exact: true,
  count: (text) => text.length,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + content.length + 3, 0),
};

describe('createScriptedModel', () => {
  it('replays replies in order, records the calls and throws when there are none left', async () => {
    const model = createScriptedModel([
      'first',
      { text: 'second', finishReason: 'length' },
      (_call, index) => `#${index}`,
    ]);
    const texts = [];
    for (let call = 0; call < 3; call += 1) {
      const { content, finishReason } = await model.doGenerate({ ...ask, seed: call });
      texts.push([content, finishReason.unified]);
    }
    expect(texts).toEqual([
      [[{ type: 'text', text: 'first' }], 'stop'],
      [[{ type: 'text', text: 'second' }], 'length'],
      [[{ type: 'text', text: '#2' }], 'stop'],
    ]);
    expect(model.requests.map(({ seed }) => seed)).toEqual([0, 1, 2]);
    await expect(model.doGenerate(ask)).rejects.toMatchObject({
      code: 'script-exhausted',
      message: expect.stringContaining('call 4 came, but the script has 3 replies'),
    });
    expect(model.requests).toHaveLength(4);
  });

  it('answers every call from one function', async () => {
    const model = createScriptedModel(async (call, index) => `${promptMessages(call)[0]?.content} ${index}`);
    await model.doGenerate(ask);
    expect((await model.doGenerate(ask)).content).toEqual([{ type: 'text', text: 'Who? 1' }]);
  });

  it('throws what the script throws and goes on after it', async () => {
    const error = new Error('down');
    const model = createScriptedModel([{ error }, 'up']);
    await expect(model.doGenerate(ask)).rejects.toBe(error);
    expect((await model.doGenerate(ask)).content).toEqual([{ type: 'text', text: 'up' }]);
  });

  it('reports the usage of the script, else counts it, else leaves it out', async () => {
    const usage = { promptTokens: 10, completionTokens: 5, cachedTokens: 4, reasoningTokens: 2 };
    const script = [
      { text: 'abc', reasoning: 'hm', usage },
      { text: 'abc', reasoning: 'hm' },
    ];
    const counted = createScriptedModel(script, { tokenizer: characters });
    expect((await counted.doGenerate(ask)).usage).toEqual({
      inputTokens: { total: 10, noCache: 6, cacheRead: 4, cacheWrite: undefined },
      outputTokens: { total: 5, text: 3, reasoning: 2 },
    });
    expect((await counted.doGenerate(ask)).usage).toEqual({
      inputTokens: { total: 7, noCache: 7, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: 5, text: 3, reasoning: 2 },
    });
    const silent = createScriptedModel(['abc']);
    expect((await silent.doGenerate(ask)).usage.inputTokens.total).toBeUndefined();
  });

  it('ends a delay at once on abort, with the reason of the signal', async () => {
    const model = createScriptedModel([{ text: 'late', delayMs: 60_000 }, 'next']);
    const controller = new AbortController();
    const reason = new Error('enough');
    const reply = model.doGenerate({ ...ask, abortSignal: controller.signal });
    controller.abort(reason);
    await expect(reply).rejects.toBe(reason);
    await expect(model.doGenerate({ ...ask, abortSignal: controller.signal })).rejects.toBe(reason);
    expect(model.requests).toHaveLength(1); // An aborted call is not sent and takes no reply.
    expect((await model.doGenerate(ask)).content).toEqual([{ type: 'text', text: 'next' }]);
  });

  it('streams in several deltas and stops in between on abort', async () => {
    const model = createScriptedModel([{ reasoning: 'let me see', text: 'one two three' }, 'one two three']);
    const { stream } = await model.doStream(ask);
    const parts = await collect(stream);
    expect(parts.map((part) => ('delta' in part ? `${part.type} ${part.delta}` : part.type))).toEqual([
      'stream-start',
      'reasoning-start',
      'reasoning-delta let ',
      'reasoning-delta me ',
      'reasoning-delta see',
      'reasoning-end',
      'text-start',
      'text-delta one ',
      'text-delta two ',
      'text-delta three',
      'text-end',
      'finish',
    ]);

    const controller = new AbortController();
    const reader = (await model.doStream({ ...ask, abortSignal: controller.signal })).stream.getReader();
    await reader.read();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(drain(reader)).rejects.toBe(reason);
  });

  it('works through the AI SDK', async () => {
    const model = createScriptedModel(['Kutuzov [1]', 'Kutuzov [1]'], { tokenizer: characters });
    const { text, usage } = await generateText({ model, prompt: 'Who commands?' });
    expect({ text, promptTokens: usage.inputTokens }).toEqual({ text: 'Kutuzov [1]', promptTokens: 16 });
    const streamed = streamText({ model, prompt: 'Who commands?' });
    expect(await collect(streamed.textStream)).toEqual(['Kutuzov ', '[1]']);
    expect(await streamed.finishReason).toBe('stop');
  });
});

async function drain(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  while (!(await reader.read()).done);
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
