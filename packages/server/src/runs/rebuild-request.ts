/**
 * What was sent to the model in a step, word for word. A trace keeps replies and not requests, which hold the document
 * once more; but a run that is resumed makes the same requests again. So the run is resumed on a copy in which that
 * step is not done yet, with a model that keeps what it is asked and answers nothing.
 */
import { MemagentError, resume, type ResumeOptions, type RunRecord, type RunStore } from '@memagent/core';
import { z } from 'zod';

export const stepRequestSchema = z
  .object({
    step: z.string(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
    settings: z.record(z.string(), z.unknown()).meta({
      description: 'What went with them: the most tokens of the reply, sampling, the form of the reply.',
    }),
  })
  .meta({ id: 'StepRequest' });

export type StepRequest = z.output<typeof stepRequestSchema>;

type LanguageModel = Extract<ResumeOptions['model'], { specificationVersion: 'v4' }>;
type GenerateOptions = Parameters<LanguageModel['doGenerate']>[0];

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
  /** Where the run knows its own only by its content. */
  tokenizer?: ResumeOptions['tokenizer'];
  signal: AbortSignal;
}

/**
 * The first request of a step. Undefined where the step asked no model. Throws `source-changed` where the document is
 * no longer what it was.
 */
export async function rebuildRequest(
  store: RunStore,
  run: RunRecord,
  step: string,
  { tokenizer, signal }: RebuildOptions,
): Promise<StepRequest | undefined> {
  const name = run.settings.model;
  if (name === null || !(await asked(store, run.runId, step))) return undefined;
  const asking = new AbortController();
  let request: StepRequest | undefined;
  const copy = copyBefore(store, run, step);
  const keep = async (options: GenerateOptions): Promise<never> => {
    if (copy.lastCall() === step) request = describeRequest(step, options);
    asking.abort(new DOMException('The request is all that was wanted.', 'AbortError'));
    throw asking.signal.reason;
  };
  const slash = name.indexOf('/');
  const model: LanguageModel = {
    specificationVersion: 'v4',
    provider: name.slice(0, slash),
    modelId: name.slice(slash + 1),
    supportedUrls: {},
    doGenerate: keep,
    doStream: keep,
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

async function asked(store: RunStore, runId: string, step: string): Promise<boolean> {
  for await (const event of store.events(runId)) {
    if (event.type === 'call-start' && event.step === step) return true;
  }
  return false;
}

/** The run as it was before the step was done. What is written to it is forgotten. */
function copyBefore(
  store: RunStore,
  run: RunRecord,
  step: string,
): { store: RunStore; lastCall: () => string } {
  const { result: _result, ...record } = run;
  let lastCall = '';
  let seq = 0;
  return {
    lastCall: () => lastCall,
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
        for (const event of events) if (event.type === 'call-start') lastCall = event.step;
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

function describeRequest(step: string, options: GenerateOptions): StepRequest {
  const messages = options.prompt.map(({ role, content }) => ({
    role,
    content:
      typeof content === 'string'
        ? content
        : content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(''),
  }));
  const settings = shownSettings.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]]],
  );
  return { step, messages, settings: Object.fromEntries(settings) };
}
