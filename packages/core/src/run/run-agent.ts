/** The agent: reads with a strategy, answers, and leads each mark of the answer back to the document. */
import type { Context } from '@opentelemetry/api';
import { citeAnswer } from '../citation/cite-answer.ts';
import { createCitedSections } from '../citation/cited-sections.ts';
import { citeObject } from '../citation/cite-object.ts';
import { removeTrailingMarks } from '../citation/trailing-marks.ts';
import type { Json } from '../json.ts';
import { traceRun } from '../model/telemetry.ts';
import type { Reader } from '../reader/reader.ts';
import { createSectionReader } from '../section/section-reader.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { AnswerSchema } from '../structured/answer-schema.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import { type RunEvent, type RunEventBody, type RunResult, traceVersion } from './events.ts';
import type { CommittedSteps } from './committed-steps.ts';
import type { Replay } from './replay.ts';
import type { RunBudget } from './run-budget.ts';
import type { RunSettings } from './settings.ts';
import { createDocumentRead, createStrategyRun, type StrategyRunOptions } from './strategy-run.ts';
import { withEvents } from './with-events.ts';

export interface AgentOptions {
  runId: string;
  settings: RunSettings;
  reader: Reader;
  strategy: Strategy;
  tokenizer: Tokenizer;
  window: WindowPlan;
  /** Whether the answer is JSON that follows a schema. */
  schema: AnswerSchema | undefined;
  /** What earlier sessions did; empty for a new run. */
  replay: Replay;
  committed: CommittedSteps;
  budget: RunBudget;
  openSources: StrategyRunOptions['openSources'];
  reopenSources: StrategyRunOptions['reopenSources'];
  hasSeveralSources: boolean;
  concurrency: number;
  folder: () => Promise<string>;
  signal: AbortSignal;
  now: () => number;
}

/**
 * Runs the agent, which gives its events in batches. The consumer stores each batch, all or nothing, before it
 * asks for the next. A request waits until the event that announces it is stored, and so is every step before.
 */
export function runAgent(options: AgentOptions): AsyncGenerator<readonly RunEvent[], RunResult> {
  const { runId, settings, strategy } = options;
  return withEvents<RunEvent, RunResult>(
    (emitEvent) => {
      const emit = (body: RunEventBody): Promise<void> => emitEvent({ at: options.now(), ...body });
      return traceRun({ runId, model: settings.model, strategy: strategy.name }, (telemetry) =>
        readAndAnswer(options, emit, telemetry),
      );
    },
    ({ type }) => type === 'call-start',
  );
}

async function readAndAnswer(
  options: AgentOptions,
  emit: (event: RunEventBody) => Promise<void>,
  telemetry: Context,
): Promise<RunResult> {
  const { runId, settings, reader, strategy, window, replay, budget, concurrency, folder, now } = options;
  const startedAt = now();
  if (replay.lastSeq === 0) {
    await emit({ type: 'run-start', runId, version: traceVersion, settings, window, concurrency });
    await announceSettings(options, emit);
  } else {
    await emit({ type: 'run-resume', steps: replay.steps, sections: replay.sections.length });
  }

  const document = createDocumentRead(replay);
  const { sources, places } = document;
  const cited = createCitedSections(createSectionReader({ folder, sources, places }).read);
  const run = createStrategyRun({
    ...options,
    question: settings.question,
    telemetry,
    emit,
    document,
    // While the model writes the answer there is time to read again what it may cite.
    onAsked: ({ text }) => cited.expect(text, document.sections),
  });
  const { answer, memory, passages = [], extraction } = await strategy.run(run);

  const citing = {
    question: settings.question,
    memory: memory?.text ?? '',
    sections: document.sections,
    cited,
    sources,
  };
  const written = options.schema && answer.found ? (JSON.parse(answer.text) as Json) : undefined;
  const object = written === undefined ? undefined : removeTrailingMarks(written);
  const result: RunResult = {
    runId,
    answer: object === undefined ? answer.text : JSON.stringify(object),
    found: answer.found,
    ...(object === undefined ? {} : { object }),
    ...(extraction === undefined ? {} : { extraction }),
    citations:
      written === undefined
        ? await citeAnswer({ ...citing, answer: answer.found ? answer.text : '' })
        : await citeObject({ ...citing, object: written, passages }),
    memory: memory?.text ?? '',
    usage: budget.usage,
    sections: document.sections,
    tokens: document.tokens,
    model: settings.model,
    reader: reader.name,
    strategy: strategy.name,
    elapsedMs: replay.elapsedMs + now() - startedAt,
  };
  await emit({ type: 'run-end', result });
  return result;
}

/** What people should know before the first call. */
async function announceSettings(
  { settings, window, tokenizer, reader }: AgentOptions,
  emit: (event: RunEventBody) => Promise<void>,
): Promise<void> {
  const notify = (code: Extract<RunEventBody, { type: 'notice' }>['code'], message: string): Promise<void> =>
    emit({ type: 'notice', code, message });
  if (!reader.model) {
    await notify(
      'no-language-model',
      `No language model is used: the ${reader.name} reader quotes the document.`,
    );
  }
  if (window.sectionTokens < settings.sectionTokens) {
    await notify(
      'section-shrunk',
      `Sections have ${window.sectionTokens} tokens instead of ${settings.sectionTokens}, so that prompt, question, memory and output fit into the window of ${window.window}.`,
    );
  }
  if (!tokenizer.exact) {
    await notify(
      'tokenizer-estimated',
      `The model's tokenizer is not known: tokens are counted as an upper bound and corrected by what the server reports. Name it (tokenizer) for exact counts.`,
    );
  }
}
