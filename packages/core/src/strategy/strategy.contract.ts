/** What every strategy must do. Each implementation's test calls `strategyContract`. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent, RunResult, StoredEvent } from '../run/events.ts';
import { estimate } from '../run/estimate.ts';
import { read, resume } from '../run/read.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import type { RunStore } from '../store/run-store.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import { parseEvidence } from '../prompt/evidence.ts';
import { type MatchedPrompt, matchPrompt } from '../prompt/match-prompt.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { createScriptedModel, promptMessages, type ScriptedModel } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Strategy } from './strategy.ts';

/** One token per word, so that budgets can be followed by eye. */
const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words.count(content), 0),
};

const question = 'What did w7 and w100 see?';
const budgets = { sectionTokens: 24, memoryTokens: 30, outputTokens: 60, window: 450 };
const shared = { ...budgets, question, tokenizer: words, retry: { retries: 0 } };

/** Sentences of six words that stand nowhere else: w1 … w6, w7 … w12, … */
function writeDocument(sentences: number): string {
  return Array.from({ length: sentences }, (_, sentence) =>
    Array.from({ length: 6 }, (_word, word) => `w${6 * sentence + word + 1}`).join(' '),
  ).join('. ');
}

/** Fills its output with words of the prompt, cites, and reports what it used. */
function createTalker(): ScriptedModel {
  return createScriptedModel((call) => {
    const messages = promptMessages(call);
    const heard =
      messages
        .map(({ content }) => content)
        .join(' ')
        .match(/\bw\d+\b/g) ?? [];
    const text = `${heard.slice(-10).join(' ')} [1]. ${'And more. '.repeat((call.maxOutputTokens ?? 0) / 2)}`;
    const usage = { promptTokens: words.countPrompt(messages), completionTokens: call.maxOutputTokens ?? 0 };
    return { text, usage };
  });
}

/** The prompts that a model got, taken apart. */
function promptsOf(model: ScriptedModel): MatchedPrompt[] {
  return model.requests.map((call) => {
    const matched = matchPrompt(defaultTemplate, promptMessages(call));
    expect(matched?.slots.question).toBe(question);
    return matched as MatchedPrompt;
  });
}

/** The document's text that a prompt shows. */
function shownText({ step, slots }: MatchedPrompt): string[] {
  if (step === 'update') return [slots.section];
  return step === 'answer' ? parseEvidence(slots.memory).passages.map(({ text }) => text) : [];
}

/** The memories or drafts that a prompt shows. */
function shownMemories({ step, slots }: MatchedPrompt): readonly string[] {
  if (step === 'merge') return slots.memories;
  return [step === 'update' ? slots.memory : parseEvidence(slots.memory).memory];
}

/** What must be the same however often a run was stopped. */
const comparable = ({ runId: _id, elapsedMs: _ms, usage: _usage, ...rest }: RunResult): unknown => rest;

/** A store with a stopped run that has these events and no more. */
async function stopAfter(store: RunStore, runId: string, events: readonly StoredEvent[]): Promise<RunStore> {
  const copy = createMemoryRunStore();
  const record = await store.get(runId);
  if (!record) throw new Error('no such run');
  const { result: _result, ...rest } = record;
  await copy.create({ ...rest, status: 'stopped' });
  await copy.append(
    runId,
    events.map(({ seq: _seq, ...event }) => event as RunEvent),
  );
  return copy;
}

/**
 * Declares the suite. `readsAll`: every section is shown to the model once in each of the `passes` (default 1);
 * otherwise a choice of the document is shown in a single call.
 */
export function strategyContract(
  strategy: Strategy,
  { readsAll, passes = 1 }: { readsAll: boolean; passes?: number },
): void {
  const options = { ...shared, strategy };

  describe(`${strategy.name} as a strategy`, () => {
    const source = writeDocument(61);
    const model = createTalker();
    const store = createMemoryRunStore();
    let result: RunResult;
    let events: StoredEvent[];
    beforeAll(async () => {
      const run = read({ ...options, model, source, store });
      result = await run.result;
      events = await collectEvents(store, run.runId);
    });

    test('asks the question in every prompt, within the window, with memories within their budget', () => {
      const prompts = promptsOf(model);
      expect(
        prompts.flatMap(shownMemories).filter((memory) => words.count(memory) > budgets.memoryTokens),
      ).toEqual([]);
      expect(words.count(result.memory)).toBeLessThanOrEqual(budgets.memoryTokens);
      for (const call of model.requests) {
        const tokens = words.countPrompt(promptMessages(call)) + (call.maxOutputTokens ?? Infinity);
        expect(tokens).toBeLessThanOrEqual(budgets.window);
      }
    });

    test('shows words of the document once a pass: all of them, or a choice in a single call', () => {
      const shown = promptsOf(model)
        .flatMap(shownText)
        .flatMap((text) => text.match(/w\d+/g) ?? []);
      const all = source.match(/w\d+/g) ?? [];
      const times = [...Map.groupBy(shown, (word) => word).values()].map(({ length }) => length);
      expect(new Set(times)).toEqual(new Set([passes]));
      expect(all).toEqual(expect.arrayContaining(shown));
      const { length: calls } = model.requests;
      expect(readsAll ? shown.length : calls).toBe(readsAll ? passes * all.length : 1);
    });

    test('reads the sections in order, and commits each step once before the next one that rests on it', () => {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const types = events.map(({ type }) => type);
      expect(types[0]).toBe('run-start');
      expect(types.slice(-2)).toEqual(['answer-end', 'run-end']);
      const sections = events.flatMap((event) => (event.type === 'section-start' ? [event] : []));
      expect(sections.map(({ section }) => section)).toEqual(sections.map((_, index) => index + 1));
      expect(sections.map(({ spans: [span] }) => source.slice(span?.start, span?.end)).join('')).toBe(source);
      const steps = [
        ...Map.groupBy(
          events.filter((event) => 'step' in event),
          ({ step }) => step,
        ),
      ];
      for (const [step, own] of steps) {
        const kinds = own.map(({ type }) => type).filter((type) => !['notice', 'call-retry'].includes(type));
        expect([step, kinds]).toEqual([
          step,
          ['call-start', 'call-end', expect.stringMatching(/^(?:memory-updated|answer-end)$/)],
        ]);
      }
      expect(steps).toHaveLength(model.requests.length);
    });

    test('ends as it did, resumed from any of its events on, and asks no step that was committed again', async () => {
      for (let count = 1; count < events.length; count += 7) {
        const kept = events.slice(0, count);
        const committed = kept.filter(
          ({ type }) => type === 'memory-updated' || type === 'answer-end',
        ).length;
        const again = createTalker();
        const copy = await stopAfter(store, result.runId, kept);
        const resumed = await resume({
          runId: result.runId,
          strategy,
          source,
          model: again,
          tokenizer: words,
          store: copy,
        }).result;
        expect(comparable(resumed), `after ${count} events`).toEqual(comparable(result));
        expect(again.requests).toHaveLength(model.requests.length - committed);
        await copy.close();
      }
    });

    test('says that nothing was found when the model does', async () => {
      const silent = createScriptedModel(() => ({ text: notFoundPhrase }));
      const run = read({ ...options, model: silent, source, store: createMemoryRunStore() });
      expect(await run.result).toMatchObject({ found: false, answer: notFoundPhrase, citations: [] });
    });

    test('asks nothing more once it is aborted, and can be resumed', async () => {
      const hanging = createScriptedModel(() => ({ text: 'too late', delayMs: 2 ** 31 - 1 }));
      const controller = new AbortController();
      const reason = new Error('enough');
      const aborted = createMemoryRunStore();
      const run = read({
        ...options,
        model: hanging,
        source,
        store: aborted,
        concurrency: 1,
        signal: controller.signal,
      });
      const follow = async (): Promise<void> => {
        for await (const { type } of run) if (type === 'call-start') controller.abort(reason);
      };
      await expect(follow()).rejects.toBe(reason);
      expect(hanging.requests.length).toBeLessThanOrEqual(1);
      expect(await aborted.get(run.runId)).toMatchObject({ status: 'stopped' });
      const { runId } = run;
      const resumed = await resume({
        runId,
        strategy,
        source,
        model: createTalker(),
        tokenizer: words,
        store: aborted,
      }).result;
      expect(comparable(resumed)).toEqual(comparable(result));
    });

    test.each([
      ['one word', 'w7'],
      ['nothing that is asked for', 'It rained. '.repeat(40)],
    ])('asks for an answer also of a document of %s', async (_name, text) => {
      const asked = createTalker();
      const run = read({ ...options, model: asked, source: text, store: createMemoryRunStore() });
      await run.result;
      expect(promptsOf(asked).at(-1)?.step).toBe('answer');
    });

    test('gives an answer with its sections when the reader asks no model', async () => {
      const fact = 'Ada Holm built the lighthouse at Skagen.';
      const { answer, found, citations } = await read({
        ...options,
        question: 'Who built the lighthouse at Skagen?',
        source: `${'It rained all day. '.repeat(30)}\n\n${fact}\n\n${'It rained all night. '.repeat(5)}`,
        store: createMemoryRunStore(),
      }).result;
      expect([found, answer.startsWith(fact), citations[0]?.text]).toEqual([true, true, fact]);
    });

    // Lengths in sections of about 20 words; some leave a note over on every level of map-reduce.
    test.each([1, 2, 3, 4, 8, 13, 14, 40, 41, 44])(
      'uses no more on a document of %i sections than was foreseen',
      async (length) => {
        const document = writeDocument(length * 4);
        const foreseen = await estimate({ ...options, source: document, model: createTalker() });
        const used = await read({
          ...options,
          source: document,
          model: createTalker(),
          store: createMemoryRunStore(),
        }).result;
        expect(used.usage.calls).toBe(foreseen.calls);
        expect(used.usage.promptTokens).toBeLessThanOrEqual(foreseen.promptTokens);
        expect(used.usage.completionTokens).toBeLessThanOrEqual(foreseen.completionTokens);
        // The others cut the document into pieces of their own.
        const { sections, tokens } = readsAll ? used : foreseen;
        expect(foreseen).toMatchObject({ sections, tokens });
      },
    );
  });
}
