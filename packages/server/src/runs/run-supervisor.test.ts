import { createMemoryRunStore, type StoredEvent } from '@memagent/core';
import type { ScriptedModel } from '@memagent/core/testing';
import { expect, test } from 'vitest';
import { createHeldModel, heldBudgets, heldQuestion, heldText } from '../fixtures/held-model.ts';
import { createRunSupervisor } from './run-supervisor.ts';

function options(model: ScriptedModel) {
  return { ...heldBudgets, question: heldQuestion, source: heldText, model };
}

async function collect(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  return Array.fromAsync(events);
}

test('a run goes on when those who watched it have left, and all who stay see the same events', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const { model, reached, letGo } = createHeldModel(2);
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
  expect(result.answer).toContain('house 0');
  expect((await first).at(-1)).toMatchObject({ type: 'run-end', result: { runId: run.runId } });
  expect(await second).toEqual((await first).slice(3));
  expect(run.lastSeq).toBe((await first).length);
  expect(supervisor.find(run.runId)).toBeUndefined();
  expect(await collect(supervisor.events(run.runId))).toEqual(await first);
});

test('a cancelled run stops at once and can be resumed', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const { model, reached } = createHeldModel(2);
  const { runId, result } = supervisor.start(options(model));
  await reached;
  expect(await supervisor.cancel(runId)).toBe(true);
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  expect(await store.get(runId)).toMatchObject({ status: 'stopped' });
  expect(await supervisor.cancel(runId)).toBe(false);

  const resumed = supervisor.resume({ runId, model: createHeldModel().model });
  expect(supervisor.resume({ runId, model: createHeldModel().model })).toBe(resumed);
  expect((await resumed.result).answer).toContain('house 0');
});

test('what is unfinished when the supervisor closes is taken up by the next one, and nothing else', async () => {
  const store = createMemoryRunStore();
  const before = createRunSupervisor({ store });
  const waiting = [createHeldModel(1), createHeldModel(3), createHeldModel(2)];
  const runs = waiting.map(({ model }) => before.start(options(model)));
  const finished = before.start(options(createHeldModel().model));
  await finished.result;
  await Promise.all(waiting.map(({ reached }) => reached));
  await before.cancel(runs[2]!.runId);
  await before.close();
  expect(() => before.start(options(createHeldModel().model))).toThrow(/closing/);

  const after = createRunSupervisor({ store, maxRuns: 1 });
  const refused = runs[1]!.runId;
  const taken = await after.resumeAll(({ runId }) =>
    runId === refused ? undefined : { model: createHeldModel().model },
  );
  expect(taken.map(({ runId }) => runId)).toEqual([runs[0]!.runId]);
  expect((await taken[0]!.result).answer).toContain('house 0');
  const states = await Promise.all(runs.map(async ({ runId }) => (await store.get(runId))?.status));
  expect(states).toEqual(['finished', 'running', 'stopped']);
});

test('who watches a run hears no more of it when the supervisor has closed, and reads no closed store', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const { model, reached } = createHeldModel(2);
  const run = supervisor.start(options(model));
  const { runId } = run;
  await reached;
  const waiting = supervisor.events(runId);
  for (let seq = 0; seq < run.lastSeq; seq += 1) await waiting.next();
  const next = waiting.next();
  const between = supervisor.events(runId);
  await between.next();
  await supervisor.close();
  await store.close();
  expect(await next).toMatchObject({ done: true });
  expect(await between.next()).toMatchObject({ done: true });
  expect(await collect(supervisor.events(runId))).toEqual([]);
});

test('a run too many is refused until another has ended', async () => {
  const supervisor = createRunSupervisor({ store: createMemoryRunStore(), maxRuns: 1 });
  const { model, reached, letGo } = createHeldModel(0);
  const first = supervisor.start(options(model));
  await reached;
  const second = createHeldModel();
  expect(() => supervisor.start(options(second.model))).toThrow(/1 runs are at work/);
  expect(second.model.requests).toHaveLength(0);
  letGo();
  await first.result;
  await expect.poll(() => supervisor.find(first.runId), { timeout: 20_000 }).toBeUndefined();
  expect((await supervisor.start(options(second.model)).result).answer).toContain('house 0');
});

test('a run that cannot begin leaves nothing, and says why', async () => {
  const store = createMemoryRunStore();
  const supervisor = createRunSupervisor({ store });
  const run = supervisor.start({ ...options(createHeldModel().model), question: 'Where? '.repeat(500) });
  expect(await collect(supervisor.events(run.runId))).toEqual([]);
  await expect(run.started).rejects.toMatchObject({ code: 'question-too-long' });
  await expect(run.result).rejects.toMatchObject({ code: 'question-too-long' });
  const empty = supervisor.start({ ...options(createHeldModel().model), source: ' ' });
  expect((await collect(supervisor.events(empty.runId))).some(({ type }) => type === 'section-start')).toBe(
    false,
  );
  await expect(empty.result).rejects.toMatchObject({ code: 'source-empty' });
  expect(await store.list()).toEqual([]);
});
