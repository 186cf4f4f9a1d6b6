import { createMemoryRunStore, type ReadOptions, type StoredEvent } from '@memagent/core';
import { createScriptedModel } from '@memagent/core/testing';
import { expect, test } from 'vitest';
import { createRunSupervisor } from './run-supervisor.ts';

const text = Array.from({ length: 40 }, (_, index) =>
  `Person ${index} lives in house ${index}. `.repeat(20),
).join('\n\n');

/** A model that answers at once, until call `stuckAt`, which waits until it is let go or aborted. */
function createModel(stuckAt = Infinity) {
  const reached = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const model = createScriptedModel(async ({ abortSignal }, index) => {
    if (index === stuckAt) {
      reached.resolve();
      await Promise.race([
        letGo.promise,
        new Promise((_, reject) => abortSignal?.addEventListener('abort', () => reject(abortSignal.reason))),
      ]);
    }
    return 'Person 3 lives in house 3. [1]';
  });
  return { model, reached: reached.promise, letGo: letGo.resolve };
}

function options(
  model: ReadOptions['model'],
): Omit<ReadOptions, 'store'> & { model: NonNullable<typeof model> } {
  return {
    question: 'Where does person 3 live?',
    source: text,
    model: model!,
    tokenizer: 'estimate',
    window: 4096,
    sectionTokens: 1024,
    memoryTokens: 256,
    outputTokens: 256,
    questionTokens: 256,
  };
}

async function collect(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  return Array.fromAsync(events);
}

test('a run goes on when those who watched it have left, and all who stay see the same events', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const { model, reached, letGo } = createModel(2);
  const run = supervisor.start(options(model));
  for await (const event of supervisor.events(run.runId)) if (event.type === 'run-start') break;
  const leaving = new AbortController();
  const left = collect(supervisor.events(run.runId, { signal: leaving.signal }));
  await reached;
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');

  const first = collect(supervisor.events(run.runId));
  const second = collect(supervisor.events(run.runId, { after: 3 }));
  letGo();
  const result = await run.result;
  expect(result.answer).toContain('house 3');
  expect((await first).at(-1)).toMatchObject({ type: 'run-end', result: { runId: run.runId } });
  expect(await second).toEqual((await first).slice(3));
  expect(run.lastSeq).toBe((await first).length);
  expect(supervisor.find(run.runId)).toBeUndefined();
  expect(await collect(supervisor.events(run.runId))).toEqual(await first);
});

test('a cancelled run stops at once and can be resumed', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const { model, reached } = createModel(2);
  const { runId, result } = supervisor.start(options(model));
  await reached;
  expect(await supervisor.cancel(runId)).toBe(true);
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  expect(await store.get(runId)).toMatchObject({ status: 'stopped' });
  expect(await supervisor.cancel(runId)).toBe(false);

  const resumed = supervisor.resume({ runId, model: createModel().model });
  expect(supervisor.resume({ runId, model: createModel().model })).toBe(resumed);
  expect((await resumed.result).answer).toContain('house 3');
});

test('what is unfinished when the supervisor closes is taken up by the next one, and nothing else', async () => {
  const store = createMemoryRunStore();
  const before = createRunSupervisor({ store });
  const waiting = [createModel(1), createModel(3), createModel(2)];
  const runs = waiting.map(({ model }) => before.start(options(model)));
  const finished = before.start(options(createModel().model));
  await finished.result;
  await Promise.all(waiting.map(({ reached }) => reached));
  await before.cancel(runs[2]!.runId);
  await before.close();
  expect(() => before.start(options(createModel().model))).toThrow(/closing/);

  const after = createRunSupervisor({ store, maxRuns: 1 });
  const refused = runs[1]!.runId;
  const taken = await after.resumeAll(({ runId }) =>
    runId === refused ? undefined : { model: createModel().model },
  );
  expect(taken.map(({ runId }) => runId)).toEqual([runs[0]!.runId]);
  expect((await taken[0]!.result).answer).toContain('house 3');
  const states = await Promise.all(runs.map(async ({ runId }) => (await store.get(runId))?.status));
  expect(states).toEqual(['finished', 'running', 'stopped']);
});

test('a run too many is refused until another has ended', async () => {
  const supervisor = createRunSupervisor({ store: createMemoryRunStore(), maxRuns: 1 });
  const { model, reached, letGo } = createModel(0);
  const first = supervisor.start(options(model));
  await reached;
  const second = createModel();
  expect(() => supervisor.start(options(second.model))).toThrow(/1 runs are at work/);
  expect(second.model.requests).toHaveLength(0);
  letGo();
  await first.result;
  await expect.poll(() => supervisor.find(first.runId)).toBeUndefined();
  expect((await supervisor.start(options(second.model)).result).answer).toContain('house 3');
});

test('a run that cannot begin leaves nothing, and says why', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const run = supervisor.start({ ...options(createModel().model), question: 'Where? '.repeat(500) });
  expect(await collect(supervisor.events(run.runId))).toEqual([]);
  await expect(run.started).rejects.toMatchObject({ code: 'question-too-long' });
  await expect(run.result).rejects.toMatchObject({ code: 'question-too-long' });
  const empty = supervisor.start({ ...options(createModel().model), source: ' ' });
  expect((await collect(supervisor.events(empty.runId))).some(({ type }) => type === 'section-start')).toBe(
    false,
  );
  await expect(empty.result).rejects.toMatchObject({ code: 'source-empty' });
  expect(await store.list()).toEqual([]);
});
