/**
 * What a run lends to its strategy: the document in sections and the reader's steps, each committed before the
 * next call goes out and returned from the store when the run is resumed.
 */
import type { Context } from '@opentelemetry/api';
import { MemagentError } from '../errors.ts';
import type { Answer, Memory, Reader, StepContext, Update } from '../reader/reader.ts';
import { chainHash } from '../section/chain-hash.ts';
import { cutSections } from '../section/cut-sections.ts';
import type { OpenSource, SourceInfo } from '../source/source.ts';
import { createSectionPlaces, type SectionPlaces } from '../section/section-places.ts';
import type { StrategyRun } from '../strategy/strategy.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import type { NoticeCode, RunEventBody } from './events.ts';
import type { CommittedStep, Replay } from './replay.ts';
import type { RunBudget } from './run-budget.ts';

export interface StrategyRunOptions {
  question: string;
  reader: Reader;
  tokenizer: Tokenizer;
  window: WindowPlan;
  replay: Replay;
  budget: RunBudget;
  /** `onSkip` hears of files that cannot be read as text and are left out. */
  openSources: (onSkip: (name: string, reason: string) => void) => AsyncIterable<OpenSource>;
  /** Whether each source is announced in the sections by a line with its name. */
  hasSeveralSources: boolean;
  concurrency: number;
  folder: () => Promise<string>;
  signal: AbortSignal;
  telemetry: Context;
  emit: (event: RunEventBody) => Promise<void>;
  now: () => number;
}

/** What was read, for the result: grows while the strategy iterates over the sections. */
export interface DocumentRead {
  sources: SourceInfo[];
  sections: number;
  tokens: number;
  places: SectionPlaces;
}

export function createStrategyRun(options: StrategyRunOptions): StrategyRun & { document: DocumentRead } {
  const { question, reader, tokenizer, window, replay, budget, signal, telemetry, emit, now } = options;
  const document: DocumentRead = {
    sources: [...replay.sources],
    sections: 0,
    tokens: 0,
    places: createSectionPlaces(),
  };
  const given = new Set<NoticeCode>(replay.notices);
  // Before the first section is cut: known ones are not counted, and the next one is cut as if never stopped.
  if (replay.factor !== undefined) tokenizer.factor = replay.factor;

  const contextOf = (step: string): StepContext => ({
    step,
    tokenizer,
    window,
    signal,
    telemetry,
    emit,
    async notifyOnce(code, message, data) {
      if (given.has(code)) return;
      given.add(code);
      await emit({ type: 'notice', code, message, ...(data ? { data } : {}) });
    },
    spend: (usage) => budget.spend(usage),
    admit: (call) => budget.admit(call),
  });

  function committed<Type extends CommittedStep['type']>(step: string, type: Type) {
    const event = replay.steps.get(step);
    return event?.type === type ? (event as Extract<CommittedStep, { type: Type }>) : undefined;
  }

  /** What a step's event keeps so that a resumed run counts on as this one does. */
  const learned = (): { factor?: number } =>
    tokenizer.factor === undefined ? {} : { factor: tokenizer.factor };

  /** Update and merge differ only in what they ask the reader. */
  async function writeMemory(
    step: string,
    section: number | undefined,
    ask: (context: StepContext) => Promise<Update>,
  ): Promise<Memory> {
    const known = committed(step, 'memory-updated');
    if (known) return toMemory(known.memory, known.state);
    signal.throwIfAborted();
    const startedAt = now();
    const { memory, outcome, usage } = await ask(contextOf(step));
    const text = await fitMemory(memory.text, step);
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
      ...learned(),
    });
    return toMemory(text, memory.state);
  }

  /** The memory's bound holds whatever the reader wrote. */
  async function fitMemory(text: string, step: string): Promise<string> {
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

  return {
    question,
    window,
    tokenizer,
    signal,
    concurrency: options.concurrency,
    folder: options.folder,
    emit,
    document,

    async *sections({ maxTokens = window.sectionTokens } = {}) {
      let hash = '';
      const sources = announce(options.openSources, document, replay, emit);
      const known = replay.sections;
      for await (const section of cutSections(sources, {
        tokenizer,
        maxTokens: () => maxTokens,
        headers: options.hasSeveralSources,
        known,
        signal,
      })) {
        hash = chainHash(hash, section.text);
        const before = known[section.number - 1];
        if (before && before.hash !== hash) throw sourceChanged(section.number, document.sources);
        const { number, tokens, spans } = section;
        if (!before) await emit({ type: 'section-start', section: number, tokens, spans, hash });
        document.sections = number;
        document.places.add(spans);
        document.tokens += tokens;
        yield section;
      }
      if (document.sections < known.length) throw sourceChanged(document.sections + 1, document.sources);
    },

    update: (step, { memory, section }) =>
      writeMemory(step, section.number, (context) => reader.update({ question, memory, section }, context)),

    merge: (step, { memories }) =>
      writeMemory(step, undefined, (context) => reader.merge({ question, memories }, context)),

    async answer(step, { memory, passages = [] }): Promise<Answer> {
      const known = committed(step, 'answer-end');
      if (known) {
        const { answer, found, score, usage } = known;
        return { text: answer, found, ...(score === undefined ? {} : { score }), usage };
      }
      signal.throwIfAborted();
      const startedAt = now();
      const answer = await reader.answer({ question, memory, passages }, contextOf(step));
      await emit({
        type: 'answer-end',
        step,
        answer: answer.text,
        found: answer.found,
        ...(answer.score === undefined ? {} : { score: answer.score }),
        usage: answer.usage,
        elapsedMs: now() - startedAt,
        ...learned(),
      });
      return answer;
    },
  };
}

function toMemory(text: string, state: Memory['state']): Memory {
  return state === undefined ? { text } : { text, state };
}

/** Passes sources on, with an event for each, and a notice for each file left out, that no earlier session had. */
async function* announce(
  openSources: StrategyRunOptions['openSources'],
  document: DocumentRead,
  replay: Replay,
  emit: (event: RunEventBody) => Promise<void>,
): AsyncGenerator<OpenSource> {
  const skipped: { name: string; reason: string }[] = [];
  const tellSkipped = async (): Promise<void> => {
    for (const { name, reason } of skipped.splice(0)) {
      await emit({
        type: 'notice',
        code: 'source-skipped',
        message: `Left out ${name}: ${reason}`,
        data: { name },
      });
    }
  };
  for await (const source of openSources((name, reason) => skipped.push({ name, reason }))) {
    const { index } = source.info;
    const known = replay.sources[index];
    const isKnown = known !== undefined;
    if (known) requireSameSize(known, source.info);
    document.sources[index] = source.info;
    if (isKnown) skipped.length = 0;
    await tellSkipped();
    if (!isKnown) await emit({ type: 'source-start', source: source.info });
    yield source;
  }
  await tellSkipped();
}

/**
 * What was read is compared by hash; text that was added or taken away behind it is noticed by the size. A source
 * that was given as a stream has none.
 */
function requireSameSize(before: SourceInfo, now: SourceInfo): void {
  if (before.bytes === undefined || now.bytes === undefined || before.bytes === now.bytes) return;
  throw new MemagentError(
    `The document changed since this run read it: ${now.path ?? now.name} had ${before.bytes} bytes and has ${now.bytes}. Restore it, or start a new run.`,
    { code: 'source-changed', data: { source: now.name, before: before.bytes, now: now.bytes } },
  );
}

function sourceChanged(section: number, sources: readonly SourceInfo[]): MemagentError {
  const names = sources.map((source) => source.path ?? source.name).join(', ');
  return new MemagentError(
    `The document changed since this run read it: section ${section} of ${names} is not what it was. Restore the document, or start a new run.`,
    { code: 'source-changed', data: { section } },
  );
}
