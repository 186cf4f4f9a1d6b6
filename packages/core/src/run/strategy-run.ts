/**
 * What a run lends to its strategy: the document in sections and the reader's steps, each committed before the
 * next call goes out and returned from the store when the run is resumed.
 */
import type { Context } from '@opentelemetry/api';
import type { Answer, Memory, Reader, StepContext, Update } from '../reader/reader.ts';
import { afterRequestMs } from '../model/after-request.ts';
import { chainHash } from '../section/chain-hash.ts';
import { cutAhead } from '../section/cut-ahead.ts';
import { cutSections } from '../section/cut-sections.ts';
import { divideSection } from '../section/divide-section.ts';
import { createKnownSections } from '../section/known-sections.ts';
import type { OpenSource, SourceInfo } from '../source/source.ts';
import type { Section } from '../section/section.ts';
import { createSectionPlaces, type SectionPlaces } from '../section/section-places.ts';
import type { Strategy, StrategyRun } from '../strategy/strategy.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { Tokenizer, TokenReport } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import type { RunEventBody } from './events.ts';
import { noticeKey } from './notice-key.ts';
import { createLearning, learnAll } from './learning.ts';
import type { CommittedStep, CommittedSteps } from './committed-steps.ts';
import type { Replay } from './replay.ts';
import type { RunBudget } from './run-budget.ts';
import { createSectionLimits } from './section-limits.ts';
import { requireSameSize, requireSameSizes, sourceChanged } from './source-changed.ts';

export interface StrategyRunOptions {
  question: string;
  reader: Reader;
  strategy: Strategy;
  tokenizer: Tokenizer;
  window: WindowPlan;
  replay: Replay;
  document: DocumentRead;
  committed: CommittedSteps;
  budget: RunBudget;
  /** `onSkip` hears of files that cannot be read as text and are left out. */
  openSources: (onSkip: (name: string, reason: string) => void) => AsyncIterable<OpenSource>;
  /** Opens them once more, streams from what was kept of them. */
  reopenSources: () => AsyncIterable<OpenSource>;
  /** Whether each source is announced in the sections by a line with its name. */
  hasSeveralSources: boolean;
  concurrency: number;
  folder: () => Promise<string>;
  signal: AbortSignal;
  telemetry: Context;
  emit: (event: RunEventBody) => Promise<void>;
  /** Called when the answer was asked for and is waited for, with the memory that it comes from. */
  onAsked: (memory: Memory) => void;
  now: () => number;
}

/** What was read, for the result: grows while the strategy iterates over the sections. */
export interface DocumentRead {
  sources: SourceInfo[];
  sections: number;
  tokens: number;
  places: SectionPlaces;
}

/** What a session knows of the document before it reads. */
export function createDocumentRead(replay: Replay): DocumentRead {
  return { sources: [...replay.sources], sections: 0, tokens: 0, places: createSectionPlaces() };
}

export function createStrategyRun(options: StrategyRunOptions): StrategyRun {
  const { question, reader, strategy, window, replay, document, budget, signal, telemetry, emit, now } =
    options;
  const given = new Set(replay.notices);
  // What an inexact tokenizer has learned when a section is cut depends on it: always that of the first session.
  const concurrency = options.tokenizer.exact
    ? options.concurrency
    : Math.min(options.concurrency, replay.concurrency ?? Infinity);
  const ahead = strategy.readsAhead?.(replay.concurrency ?? concurrency) ?? 1;
  const learning = createLearning(options.tokenizer);
  /** What this session has read, so that it can be read again; puts the sections into the document's places. */
  const read = createKnownSections(document.places);
  /** What is read again fills what the window leaves, however large sections are to be. */
  const againLimits = createSectionLimits({ question, reader, window, ahead: 0, maxTokens: Infinity });
  /** The furthest section that went into a memory. */
  const lastSections = new WeakMap<Memory, number>();

  const contextOf = (step: string, tokenizer: Tokenizer, reports: TokenReport[]): StepContext => ({
    step,
    tokenizer,
    window,
    signal,
    telemetry,
    emit,
    learn: (report) => void reports.push(report),
    async notifyOnce(code, message, data) {
      const key = noticeKey(code, message);
      if (given.has(key)) return;
      given.add(key);
      await emit({ type: 'notice', code, message, ...(data ? { data } : {}) });
    },
    spend: (usage) => budget.spend(usage),
    admit: (call) => budget.admit(call),
  });

  async function committed<Type extends CommittedStep['type']>(step: string, type: Type) {
    const event = await options.committed.take(step);
    return event?.type === type ? (event as Extract<CommittedStep, { type: Type }>) : undefined;
  }

  const lastSectionOf = (memories: readonly Memory[]): number =>
    Math.max(0, ...memories.map((memory) => lastSections.get(memory) ?? 0));

  /** A step counts with what all that went into its memories has taught. */
  function counterFor(memories: readonly Memory[]): Tokenizer {
    learning.settle(lastSectionOf(memories));
    return learning.tokenizer;
  }

  /** A memory as a step is shown it: within its budget as it is counted now. */
  const fit = (memory: Memory, tokenizer: Tokenizer): Memory =>
    tokenizer.exact ? memory : { ...memory, text: cutToTokens(memory.text, window.memoryTokens, tokenizer) };

  /**
   * As much of a section as the window has room for. A section that is read again was cut by what was known then of
   * the tokenizer, and may count more now.
   */
  function fitSection(section: Section, memory: Memory): ReturnType<typeof divideSection> {
    const counter = counterFor([memory]);
    const isAgain = section.number <= lastSectionOf([memory]);
    if (counter.exact || !isAgain) return [section];
    return divideSection(section, againLimits.tokensFor(section.number, counter), counter);
  }

  /** Update and merge differ only in what they ask the reader. */
  async function writeMemory(
    step: string,
    section: number | undefined,
    before: readonly Memory[],
    ask: (memories: readonly Memory[], context: StepContext) => Promise<Update>,
  ): Promise<Memory> {
    const lastSection = Math.max(section ?? 0, lastSectionOf(before));
    const toMemory = (text: string, state: Memory['state']): Memory => {
      const memory = state === undefined ? { text } : { text, state };
      lastSections.set(memory, lastSection);
      return memory;
    };
    const counter = counterFor(before);
    const known = await committed(step, 'memory-updated');
    if (known) {
      learning.add(known.reports ?? [], section);
      return toMemory(known.memory, known.state);
    }
    signal.throwIfAborted();
    const startedAt = now();
    const reports: TokenReport[] = [];
    const shown = before.map((memory) => fit(memory, counter));
    const { memory, outcome, usage } = await ask(shown, contextOf(step, counter, reports));
    const tokenizer = learnAll(counter, reports);
    const text = await fitMemory(memory.text, step, tokenizer);
    await emit({
      type: 'memory-updated',
      step,
      ...(section === undefined ? {} : { section }),
      outcome,
      memory: text,
      memoryTokens: tokenizer.count(text),
      ...(memory.state === undefined ? {} : { state: memory.state }),
      usage,
      elapsedMs: now() - startedAt,
      ...(reports.length > 0 ? { reports } : {}),
    });
    learning.add(reports, section);
    return toMemory(text, memory.state);
  }

  /** The memory's bound holds whatever the reader wrote. */
  async function fitMemory(text: string, step: string, tokenizer: Tokenizer): Promise<string> {
    const cut = cutToTokens(text, window.memoryTokens, tokenizer);
    if (cut.length < text.length) {
      await emit({
        type: 'notice',
        code: 'memory-cut',
        message: `Step ${step}: the new memory was over its budget of ${window.memoryTokens} tokens and was cut from ${text.length} to ${cut.length} characters.`,
        data: { step, from: text.length, to: cut.length },
      });
    }
    return cut;
  }

  /** What was read is cut again by its lengths; whether it is the same text, its hashes tell. */
  const cutAgain = (cutSignal: AbortSignal): AsyncGenerator<Section> =>
    cutSections(requireSameSizes(options.reopenSources(), document.sources), {
      tokenizer: options.tokenizer,
      maxTokens: () => window.sectionTokens,
      headers: options.hasSeveralSources,
      known: read,
      signal: cutSignal,
    });

  return {
    question,
    window,
    get tokenizer() {
      return learning.tokenizer;
    },
    signal,
    concurrency,
    folder: options.folder,
    emit,

    async *sections({ maxTokens = window.sectionTokens } = {}) {
      let hash = '';
      const sources = announceSources(options.openSources, document, replay);
      const known = replay.sections;
      const limits = createSectionLimits({ question, reader, window, ahead, maxTokens });
      const cut = (cutSignal: AbortSignal): AsyncGenerator<Section> =>
        cutSections(sources.opened, {
          tokenizer(number) {
            learning.settle(number - ahead);
            return limits.tokenizerFor(number, learning.tokenizer);
          },
          maxTokens(number) {
            learning.settle(number - ahead);
            return limits.tokensFor(number, learning.tokenizer);
          },
          headers: options.hasSeveralSources,
          known,
          signal: cutSignal,
        });
      // What an inexact tokenizer makes of the next section depends on what the reading of this one teaches.
      const cutNext = options.tokenizer.exact ? cutAhead(cut, signal) : cut(signal);
      for await (const section of cutNext) {
        hash = chainHash(hash, section.text);
        const { number, spans } = section;
        const isKnown = number <= known.length;
        if (isKnown && !known.hasHash(number, hash)) throw sourceChanged(number, document.sources);
        const tokens = isKnown ? section.tokens : limits.count(section, learning.tokenizer);
        for (const event of sources.takeNews()) await emit(event);
        if (!isKnown) await emit({ type: 'section-start', section: number, tokens, spans, hash });
        document.sections = number;
        document.tokens += tokens;
        read.add({ tokens, spans, hash });
        yield { ...section, tokens };
      }
      for (const event of sources.takeNews()) await emit(event);
      if (document.sections < known.length) throw sourceChanged(document.sections + 1, document.sources);
    },

    async *sectionsAgain() {
      let hash = '';
      for await (const section of cutAhead(cutAgain, signal)) {
        hash = chainHash(hash, section.text);
        if (!read.hasHash(section.number, hash)) throw sourceChanged(section.number, document.sources);
        yield section;
        if (section.number === read.length) return;
      }
    },

    async update(step, { memory, section }) {
      let latest = memory;
      let left: Section | undefined = section;
      for (let part = 1; left; part += 1) {
        const [first, rest] = fitSection(left, latest);
        latest = await writeMemory(
          part === 1 ? step : `${step}/${part}`,
          section.number,
          [latest],
          ([before = latest], context) =>
            reader.update({ question, memory: before, section: first }, context),
        );
        left = rest;
      }
      return latest;
    },

    merge: (step, { memories }) =>
      writeMemory(step, undefined, memories, (before, context) =>
        reader.merge({ question, memories: before }, context),
      ),

    sources: document.sources,

    async extract(step, section, search) {
      const known = await committed(step, 'records-extracted');
      if (known) {
        learning.add(known.reports ?? [], section);
        return { ...known, isNew: false };
      }
      signal.throwIfAborted();
      const startedAt = now();
      const reports: TokenReport[] = [];
      const piece = await search(contextOf(step, learning.tokenizer, reports));
      const learned = reports.length > 0 ? { reports } : {};
      const elapsedMs = now() - startedAt;
      await emit({ type: 'records-extracted', step, section, ...piece, elapsedMs, ...learned });
      learning.add(reports, section);
      return { ...piece, isNew: true };
    },

    async answer(step, { memory, passages = [] }): Promise<Answer> {
      const tokenizer = counterFor([memory]);
      const known = await committed(step, 'answer-end');
      if (known) {
        learning.add(known.reports ?? [], undefined);
        const { answer, found, score, usage } = known;
        return { text: answer, found, ...(score === undefined ? {} : { score }), usage };
      }
      signal.throwIfAborted();
      const startedAt = now();
      const reports: TokenReport[] = [];
      const asked = setTimeout(options.onAsked, afterRequestMs, memory);
      const answer = await reader
        .answer({ question, memory: fit(memory, tokenizer), passages }, contextOf(step, tokenizer, reports))
        .finally(() => clearTimeout(asked));
      await emit({
        type: 'answer-end',
        step,
        answer: answer.text,
        found: answer.found,
        ...(answer.score === undefined ? {} : { score: answer.score }),
        usage: answer.usage,
        elapsedMs: now() - startedAt,
        ...(reports.length > 0 ? { reports } : {}),
      });
      learning.add(reports, undefined);
      return answer;
    },
  };
}

/**
 * The sources as they are opened, and the news of them that no earlier session had: an event for each, and a notice
 * for each file left out. The news wait, since the next section is cut while the last one is being read.
 */
function announceSources(
  openSources: StrategyRunOptions['openSources'],
  document: DocumentRead,
  replay: Replay,
): { opened: AsyncGenerator<OpenSource>; takeNews(): RunEventBody[] } {
  const news: RunEventBody[] = [];
  const skipped: RunEventBody[] = [];

  async function* open(): AsyncGenerator<OpenSource> {
    const onSkip = (name: string, reason: string): void => {
      const message = `Left out ${name}: ${reason}`;
      skipped.push({ type: 'notice', code: 'source-skipped', message, data: { name } });
    };
    for await (const source of openSources(onSkip)) {
      const { index } = source.info;
      const known = replay.sources[index];
      requireSameSize(known, source.info);
      document.sources[index] = source.info;
      const unheard = skipped.splice(0);
      if (!known) news.push(...unheard, { type: 'source-start', source: source.info });
      yield source;
    }
    news.push(...skipped);
  }

  return { opened: open(), takeNews: () => news.splice(0) };
}
