/**
 * What was sent to the model in a step, word for word. A trace keeps replies and not requests, which hold the document
 * once more; but a run that is resumed makes the same requests again. So the run is resumed on a copy in which that
 * step is not done yet, with a model that keeps what it is asked. A later attempt may say what was wrong with a reply
 * before it: to come to it, the model gives the replies again that the trace has of the attempts before.
 */
import {
  MemagentError,
  resume,
  type ResumeOptions,
  type RunRecord,
  type RunStore,
  type StoredEvent,
} from '@memagent/core';
import { z } from 'zod';

export const stepRequestSchema = z
  .object({
    step: z.string(),
    attempt: z.int(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
    settings: z.record(z.string(), z.unknown()).meta({
      description: 'What went with them: the most tokens of the reply, sampling, the form of the reply.',
    }),
  })
  .meta({ id: 'StepRequest' });

export type StepRequest = z.output<typeof stepRequestSchema>;

type LanguageModel = Extract<ResumeOptions['model'], { specificationVersion: 'v4' }>;
type GenerateOptions = Parameters<LanguageModel['doGenerate']>[0];
type GenerateResult = Awaited<ReturnType<LanguageModel['doGenerate']>>;
type Reply = Extract<StoredEvent, { type: 'call-end' }>;

/** Of a request, what a person wants to see beside its messages. */
const shownSettings = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'seed',
  'reasoning',
  'responseFormat',
] as const;

export interface RebuildOptions {
  /** Which of the step's attempts, in the order in which they were made, those of all sessions counted. Default: 1. */
  attempt?: number;
  /** Where the run knows its own only by its content. */
  tokenizer?: ResumeOptions['tokenizer'];
  signal: AbortSignal;
}

/**
 * The request of an attempt of a step. Undefined where there was none. Throws `source-changed` where the document is no
 * longer what it was.
 */
export async function rebuildRequest(
  store: RunStore,
  run: RunRecord,
  step: string,
  { attempt = 1, tokenizer, signal }: RebuildOptions,
): Promise<StepRequest | undefined> {
  const name = run.settings.model;
  if (name === null) return undefined;
  const before = await attemptsBefore(store, run.runId, step, attempt);
  if (before === undefined) return undefined;
  const { replies, problem } = before;
  const asking = new AbortController();
  let request: StepRequest | undefined;
  const copy = copyBefore(store, run, step);
  const generate = async (options: GenerateOptions): Promise<GenerateResult> => {
    const isOfStep = copy.lastCall() === step;
    const reply = isOfStep ? replies.shift() : undefined;
    if (reply) return giveAgain(reply);
    if (isOfStep) {
      // The program that began the run may check replies by a schema of its own, which finds other words.
      const mended = (text: string): string =>
        problem === undefined ? text : text.replace(copy.lastProblem() ?? problem, () => problem);
      request = { step, attempt, ...describeRequest(options, mended) };
    }
    asking.abort(new DOMException('The request is all that was wanted.', 'AbortError'));
    throw asking.signal.reason;
  };
  const slash = name.indexOf('/');
  const model: LanguageModel = {
    specificationVersion: 'v4',
    provider: name.slice(0, slash),
    modelId: name.slice(slash + 1),
    supportedUrls: {},
    doGenerate: generate,
    async doStream() {
      throw new TypeError('Steps are asked without streams.');
    },
  };
  try {
    await resume({
      runId: run.runId,
      store: copy.store,
      model,
      signal: AbortSignal.any([signal, asking.signal]),
      ...(tokenizer === undefined ? {} : { tokenizer }),
    }).result;
  } catch (error) {
    if (!asking.signal.aborted) throw error;
  }
  if (request) return request;
  throw new MemagentError(
    `Step ${step} of run ${run.runId} is at work beside others; its request can be shown when it is done.`,
    { code: 'run-locked', retryable: true, data: { runId: run.runId, step } },
  );
}

/**
 * The replies that led to an attempt, and what was wrong with the last; undefined where the step did not come to it. A
 * reply without text is left out, as the same was asked after it.
 */
async function attemptsBefore(
  store: RunStore,
  runId: string,
  step: string,
  attempt: number,
): Promise<{ replies: Reply[]; problem: string | undefined } | undefined> {
  let replies: Reply[] = [];
  let problem: string | undefined;
  let made = 0;
  for await (const event of store.events(runId)) {
    if (!('step' in event) || event.step !== step) continue;
    if (event.type === 'call-start') {
      made += 1;
      // A session that was cut short in a step is followed by one that begins the step anew.
      if (event.attempt === 1) {
        replies = [];
        problem = undefined;
      }
      if (made === attempt) return { replies, problem };
    } else if (event.type === 'call-end' && event.reply !== '') replies.push(event);
    else if (event.type === 'call-retry' && event.attempt === replies.at(-1)?.attempt)
      problem = problemIn(event.reason);
  }
  return undefined;
}

/** `the reply does not follow the schema: …`, of which the model is told the end. */
function problemIn(reason: string): string {
  return reason.slice(reason.indexOf(': ') + 2);
}

function giveAgain({ reply, finishReason, usage }: Reply): GenerateResult {
  const { promptTokens, completionTokens } = usage;
  return {
    content: [{ type: 'text', text: reply }],
    finishReason: { unified: finishReason as GenerateResult['finishReason']['unified'], raw: finishReason },
    usage: {
      inputTokens: {
        total: promptTokens,
        noCache: promptTokens,
        cacheRead: undefined,
        cacheWrite: undefined,
      },
      outputTokens: { total: completionTokens, text: completionTokens, reasoning: undefined },
    },
    warnings: [],
  };
}

/** The run as it was before the step was done. What is written to it is forgotten. */
function copyBefore(
  store: RunStore,
  run: RunRecord,
  step: string,
): { store: RunStore; lastCall: () => string; lastProblem: () => string | undefined } {
  const { result: _result, ...record } = run;
  let lastCall = '';
  let lastProblem: string | undefined;
  let seq = 0;
  return {
    lastCall: () => lastCall,
    lastProblem: () => lastProblem,
    store: {
      get: async () => ({ ...record, status: 'stopped' }),
      list: async () => [],
      create: async () => {},
      update: async () => {},
      delete: async () => {},
      close: async () => {},
      lock: async () => ({ release: async () => {} }),
      folder: (runId) => store.folder(runId),
      async append(_runId, events) {
        for (const event of events) {
          if (event.type === 'call-start') lastCall = event.step;
          else if (event.type === 'call-retry' && event.step === step) lastProblem = problemIn(event.reason);
        }
        return events.map((event) => ({ ...event, seq: ++seq }));
      },
      async *events(runId, after) {
        for await (const event of store.events(runId, after)) {
          ({ seq } = event);
          const isDone = event.type === 'run-end' || event.type === 'run-stop';
          const isOfStep = 'step' in event && event.step === step;
          if (!isDone && !isOfStep) yield event;
        }
      },
    },
  };
}

function describeRequest(
  options: GenerateOptions,
  mended: (text: string) => string,
): Pick<StepRequest, 'messages' | 'settings'> {
  const messages = options.prompt.map(({ role, content }) => ({
    role,
    content: mended(
      typeof content === 'string'
        ? content
        : content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(''),
    ),
  }));
  const settings = shownSettings.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]]],
  );
  return { messages, settings: Object.fromEntries(settings) };
}
