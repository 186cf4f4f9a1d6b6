/** Answers a prompt that does not fit the model's window: a run over the document that is in it. */
import {
  askedFor,
  cutToTokens,
  type DocumentRule,
  findDocument,
  type FoundDocument,
  parseAgainStep,
  type RunResult,
  type StoredEvent,
} from '@memagent/core';
import type { FileStore } from '../files/file-store.ts';
import type { ServedModel } from '../models/served-model.ts';
import type { GivenRunSettings } from '../runs/run-settings.ts';
import type { RunService } from '../runs/run-service.ts';
import type { RunSupervisor } from '../runs/run-supervisor.ts';
import { keepStretches, type MessagePart } from './message-parts.ts';
import type { ModelWindow } from './model-window.ts';

export interface LongRequest {
  parts: readonly MessagePart[];
  model: ServedModel;
  window: ModelWindow;
  settings: GivenRunSettings;
  origin: 'chat' | 'responses';
  caller: string;
  /** Ends with the client's connection, and the run with it. */
  signal: AbortSignal;
}

export interface LongAnswer {
  runId: string;
  rule: DocumentRule;
  found: FoundDocument;
  /** What is read and how far, in lines for people, until the run ends. */
  progress(signal: AbortSignal): AsyncGenerator<string>;
  result: Promise<RunResult>;
}

export interface LongAnswerOptions {
  files: FileStore;
  service: RunService;
  supervisor: RunSupervisor;
}

/** Throws what `findDocument` and `read` throw. When it resolves, the document has been taken out of the parts. */
export async function startLongAnswer(
  request: LongRequest,
  { files, service, supervisor }: LongAnswerOptions,
): Promise<LongAnswer> {
  const { parts, model, window, settings, origin, caller, signal } = request;
  const { fitsQuestion } = window;
  const found = await findDocument(parts, { fitsQuestion });
  const runId = service.newRunId();
  const { source, owned } = await keepStretches(found.document, parts, { files, runId });
  if (signal.aborted) {
    await service.deleteFiles(owned.map(({ id }) => id));
    throw signal.reason;
  }
  // A reader without a language model would take the words of the instructions for clues.
  const question = model.reading.model === undefined ? found.question : askedFor(found, fitsQuestion);
  const run = await service.create({ runId, question, source, model, settings, owned, origin, caller });
  const onAbort = (): void => void supervisor.cancel(runId);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  // Of a file, only its text's length would tell how far it is read.
  const isText = found.document.every(({ part }) => parts[part]?.text !== undefined);
  const bytes = isText ? owned.reduce((sum, file) => sum + file.bytes, 0) : undefined;
  return {
    runId,
    rule: found.rule,
    found,
    progress: (leaving) => describeProgress(supervisor.events(runId, { signal: leaving }), bytes),
    result: run.result,
  };
}

async function* describeProgress(
  events: AsyncIterable<StoredEvent>,
  bytes: number | undefined,
): AsyncGenerator<string> {
  const read = new Map<number, number>();
  let sections = 0;
  for await (const event of events) {
    switch (event.type) {
      case 'section-start':
        for (const { source, byteEnd } of event.spans) read.set(source, byteEnd);
        sections = event.section;
        break;
      case 'memory-updated': {
        const share = bytes === undefined ? undefined : sumOf(read.values()) / bytes;
        const part =
          share === undefined ? '' : `, ${Math.min(100, Math.floor(share * 100))} % of the document`;
        const how = parseAgainStep(event.step) ? `of ${sections} read again` : `read${part}`;
        if (event.section !== undefined) {
          yield `section ${event.section} ${how}, memory of ${event.memoryTokens} tokens`;
        }
        break;
      }
      case 'call-retry':
        yield `step ${event.step} failed, again in ${Math.ceil(event.delayMs / 1000)} s`;
        break;
      default:
        break;
    }
  }
}

/** An answer within the tokens that the client allows, and whether it had to be cut. */
export function limitAnswer(
  { answer }: RunResult,
  maxTokens: number | undefined,
  { tokenizer }: ModelWindow,
): { text: string; isCut: boolean } {
  const text = maxTokens === undefined ? answer : cutToTokens(answer, maxTokens, tokenizer);
  return { text, isCut: text.length < answer.length };
}

/** What a reply says beside the answer. */
export function describeAnswer(
  { runId, rule }: Pick<LongAnswer, 'runId' | 'rule'>,
  { found, citations, sections, tokens }: RunResult,
) {
  return { run_id: runId, rule, found, sections, tokens, citations };
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
