/** `/v1/runs`: begin, list, watch, pause, resume, cancel, export and delete runs. Their events are the agent's own. */
import type { RunStore } from '@memagent/core';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import {
  type DocumentInput,
  documentInputSchema,
  type DocumentResolver,
} from '../documents/document-input.ts';
import type { FileStore, StoredFile } from '../files/file-store.ts';
import { eventStream } from '../http/event-stream.ts';
import { readJson } from '../http/read-body.ts';
import { sendFile } from '../http/send-file.ts';
import { type IncomingFile, readMultipart } from '../http/read-multipart.ts';
import { RequestError } from '../http/server-error.ts';
import type { ServerContext, ServerEnv } from '../http/server-env.ts';
import type { ModelRegistry } from '../models/served-model.ts';
import { describe, parameter } from '../openapi/describe.ts';
import { listQuerySchema, listRuns } from './list-runs.ts';
import { findOriginal } from './find-original.ts';
import { readSection, sectionSchema } from './read-section.ts';
import { rebuildRequest, stepRequestSchema } from './rebuild-request.ts';
import { runSettingsSchema } from './run-settings.ts';
import type { NewRun, RunService } from './run-service.ts';
import type { RunSupervisor } from './run-supervisor.ts';
import { runSchema, type RunView, runSummarySchema, viewRun } from './run-view.ts';

const requestSchema = z
  .strictObject({
    question: z.string().min(1),
    documents: z.array(documentInputSchema).min(1).max(1000),
    model: z.string().optional().meta({ description: 'A served model; default: the first.' }),
    settings: runSettingsSchema.optional(),
    batch: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'A name for runs that are begun together, by which they can be listed.' }),
  })
  .meta({ id: 'NewRun' });

const formSchema = z
  .object({
    question: z.string(),
    file: z.string().meta({ format: 'binary', description: 'A document; any number of these fields.' }),
    documents: z.string().optional().meta({ description: 'Further documents: JSON, as in a NewRun.' }),
    model: z.string().optional(),
    settings: z.string().optional().meta({ description: 'JSON, as in a NewRun.' }),
  })
  .meta({ id: 'NewRunForm' });

const resumeSchema = z
  .strictObject(runSettingsSchema.pick({ maxTokens: true, maxCost: true, maxTimeMs: true }).shape)
  .meta({ id: 'ResumeRun', description: 'New limits; none are kept from before.' });

const estimateSchema = z
  .looseObject({
    sections: z.int(),
    tokens: z.int(),
    calls: z.int(),
    promptTokens: z.number(),
    completionTokens: z.number(),
    cost: z.number().optional(),
    model: z.string().nullable(),
    strategy: z.string(),
    exact: z.boolean(),
  })
  .meta({ id: 'Estimate', description: 'What the run would use at most, retries left out.' });

const stepQuerySchema = z.object({
  step: z.string().default(''),
  attempt: z.coerce.number().int().min(1).default(1),
});

const listSchema = z.object({
  data: z.array(runSummarySchema),
  hasMore: z.boolean(),
  next: z.string().nullable(),
});

const idParameter = parameter('id', 'path', 'Id of the run.');

export interface RunsApiOptions {
  store: RunStore;
  service: RunService;
  supervisor: RunSupervisor;
  files: FileStore;
  resolver: DocumentResolver;
  registry: ModelRegistry;
  maxBodyBytes: number;
}

export function createRunsApi(options: RunsApiOptions): Hono<ServerEnv> {
  const { store, service, supervisor, files, resolver, registry, maxBodyBytes } = options;
  const api = new Hono<ServerEnv>();

  const view = async (runId: string): Promise<RunView> => {
    const run = await service.requireRun(runId);
    return viewRun(run, await service.statusOf(run));
  };

  /** A new run as JSON, or as a form with its files. What was received goes again when `use` fails. */
  async function withNewRun<Result>(
    context: ServerContext,
    use: (run: NewRun) => Promise<Result>,
  ): Promise<Result> {
    const runId = service.newRunId();
    const owned: StoredFile[] = [];
    try {
      const request = isForm(context)
        ? await readForm(context, runId, owned)
        : await readJson(context, requestSchema, maxBodyBytes);
      const model = request.model === undefined ? registry.defaultModel : registry.get(request.model);
      const resolved = await resolver.resolve(request.documents, runId, context.req.raw.signal);
      owned.push(...resolved.owned);
      const { question, settings = {}, batch } = request;
      const caller = context.get('caller');
      return await use({
        runId,
        question,
        source: resolved.source,
        model,
        settings,
        owned,
        origin: 'runs',
        caller,
        ...(batch === undefined ? {} : { batch }),
      });
    } catch (error) {
      await service.deleteFiles(owned.map(({ id }) => id));
      throw error;
    }
  }

  async function readForm(
    context: ServerContext,
    runId: string,
    owned: StoredFile[],
  ): Promise<z.output<typeof requestSchema>> {
    const uploaded: Promise<DocumentInput>[] = [];
    const keep = async ({ filename, content }: IncomingFile): Promise<DocumentInput> => {
      const file = await files.add({ filename, runId, content });
      owned.push(file);
      return { fileId: file.id };
    };
    const fields = await readMultipart(context, maxBodyBytes, async (file) => {
      uploaded.push(keep(file));
      await uploaded.at(-1);
    });
    const field = (name: string): string | undefined => fields.get(name)?.[0];
    const parsed = (name: string): unknown => parseField(name, field(name));
    const further = z.array(z.unknown()).parse(parsed('documents') ?? []);
    return requestSchema.parse({
      question: field('question'),
      documents: [...(await Promise.all(uploaded)), ...further],
      ...(field('model') === undefined ? {} : { model: field('model') }),
      ...(field('settings') === undefined ? {} : { settings: parsed('settings') }),
    });
  }

  api.post(
    '/',
    describe({
      summary: 'Begin a run',
      description: 'The run goes on whether or not anyone watches it.',
      tag: 'Runs',
      body: { 'application/json': requestSchema, 'multipart/form-data': formSchema },
      reply: { schema: runSchema, status: 201, description: 'The run, at work.' },
      errors: [400, 413, 429, 502],
    }),
    async (context) => {
      const run = await withNewRun(context, (newRun) => service.create(newRun));
      return context.json(await view(run.runId), 201, { location: `/v1/runs/${run.runId}` });
    },
  );

  api.post(
    '/estimate',
    describe({
      summary: 'Say what a run would use, and begin none',
      description: 'Reads the documents once, without asking a model.',
      tag: 'Runs',
      body: { 'application/json': requestSchema, 'multipart/form-data': formSchema },
      reply: { schema: estimateSchema },
      errors: [400, 413],
    }),
    async (context) => {
      const estimate = await withNewRun(context, async (run) => {
        const result = await service.estimate(run, context.req.raw.signal);
        await service.deleteFiles(run.owned.map(({ id }) => id));
        return result;
      });
      return context.json(estimate);
    },
  );

  api.get(
    '/',
    describe({
      summary: 'List the runs, newest first',
      tag: 'Runs',
      parameters: [
        parameter('limit', 'query', 'Most runs to return: 1 to 200, default 20.'),
        parameter('after', 'query', 'The `next` of the page before.'),
        parameter('search', 'query', 'Words that question, documents, model or id hold.'),
        parameter('status', 'query', 'running, stopped, cancelled or finished.'),
        parameter('batch', 'query', 'Runs of this batch alone.'),
      ],
      reply: { schema: listSchema },
      errors: [400],
    }),
    async (context) =>
      context.json(await listRuns(store, service, listQuerySchema.parse(context.req.query()))),
  );

  api.get(
    '/:id',
    describe({
      summary: 'Look up a run',
      tag: 'Runs',
      parameters: [idParameter],
      reply: { schema: runSchema },
      errors: [404],
    }),
    async (context) => context.json(await view(context.req.param('id'))),
  );

  api.get(
    '/:id/events',
    describe({
      summary: 'Watch a run',
      description:
        'All events so far, then those to come, until the run ends. Each has its number as its id: whoever sends that back as Last-Event-ID, as browsers do, goes on behind it. Answers 204 when nothing is left to come.',
      tag: 'Runs',
      parameters: [
        idParameter,
        parameter('Last-Event-ID', 'header', 'Only events behind this one.'),
        parameter('after', 'query', 'The same, for clients that cannot set a header.'),
      ],
      media: { type: 'text/event-stream', description: 'The events of the trace, as server-sent events.' },
      errors: [400, 404],
    }),
    async (context) => {
      const run = await service.requireRun(context.req.param('id'));
      const { runId } = run;
      const after = z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .parse(context.req.header('last-event-id') || context.req.query('after'));
      const isAtWork = (await service.statusOf(run)) === 'running';
      if (!isAtWork && !(await hasEvents(store, runId, after))) return context.body(null, 204);
      return eventStream(
        async function* watch(signal) {
          for await (const event of supervisor.events(runId, { after, signal })) {
            yield { id: String(event.seq), event: event.type, data: event };
          }
        },
        { signal: context.req.raw.signal },
      );
    },
  );

  api.get(
    '/:id/trace',
    describe({
      summary: 'Export the trace of a run',
      description: 'All of its events, one JSON object a line; the same that are watched.',
      tag: 'Runs',
      parameters: [idParameter],
      media: { type: 'application/x-ndjson', description: 'The events.' },
      errors: [404],
    }),
    async (context) => {
      const { runId } = await service.requireRun(context.req.param('id'));
      context.header('content-type', 'application/x-ndjson; charset=utf-8');
      context.header('content-disposition', `attachment; filename="${runId}.jsonl"`);
      return stream(context, async (target) => {
        for await (const event of store.events(runId)) {
          if (target.aborted) return;
          await target.write(`${JSON.stringify(event)}\n`);
        }
      });
    },
  );

  api.get(
    '/:id/sections/:section',
    describe({
      summary: 'Read a section of the document again',
      tag: 'Runs',
      parameters: [idParameter, parameter('section', 'path', 'Its number, from 1.')],
      reply: { schema: sectionSchema },
      errors: [404, 409],
    }),
    async (context) => {
      const { runId } = await service.requireRun(context.req.param('id'));
      const section = await readSection(store, runId, Number(context.req.param('section')));
      if (section) return context.json(section);
      throw new RequestError(
        404,
        'section_not_found',
        `Run ${runId} has read no section ${context.req.param('section')}.`,
      );
    },
  );

  api.get(
    '/:id/request',
    describe({
      summary: 'What was sent to the model in a step, word for word',
      description: 'Made again from the document, as a trace has replies alone.',
      tag: 'Runs',
      parameters: [
        idParameter,
        parameter('step', 'query', 'Its name, as in the events: update/12, answer.'),
        parameter('attempt', 'query', 'Which of its attempts, from 1; those of all sessions are counted.'),
      ],
      reply: { schema: stepRequestSchema },
      errors: [404, 409],
    }),
    async (context) => {
      const run = await service.requireRun(context.req.param('id'));
      const { step, attempt } = stepQuerySchema.parse(context.req.query());
      const tokenizer = service.tokenizerFor(run);
      const request = await rebuildRequest(store, run, step, {
        attempt,
        signal: context.req.raw.signal,
        ...(tokenizer === undefined ? {} : { tokenizer }),
      });
      if (request) return context.json(request);
      throw new RequestError(
        404,
        'request_not_found',
        `Run ${run.runId} has sent nothing in a step ${JSON.stringify(step)}${attempt === 1 ? '' : `, attempt ${attempt}`}.`,
      );
    },
  );

  api.get(
    '/:id/documents/:index',
    describe({
      summary: 'Download a document that a run reads, as it came',
      tag: 'Runs',
      parameters: [idParameter, parameter('index', 'path', 'Its number among the sources, from 0.')],
      media: { type: 'application/octet-stream', description: 'The bytes of the file.' },
      errors: [404, 409],
    }),
    async (context) => {
      const run = await service.requireRun(context.req.param('id'));
      const index = context.req.param('index');
      const document = await findOriginal(store, run, Number(index));
      if (!document) {
        throw new RequestError(404, 'document_not_found', `Run ${run.runId} has no document ${index}.`);
      }
      return sendFile(context, document);
    },
  );

  api.post(
    '/:id/pause',
    describe({
      summary: 'Stop a run, resumably',
      description: 'What is in flight is given up at once; what was read is kept.',
      tag: 'Runs',
      parameters: [idParameter],
      reply: { schema: runSchema },
      errors: [404],
    }),
    async (context) => {
      await service.pause(context.req.param('id'));
      return context.json(await view(context.req.param('id')));
    },
  );

  api.post(
    '/:id/cancel',
    describe({
      summary: 'Stop a run for good',
      description:
        'What is in flight is given up at once. What was read is kept until the run is deleted; the run cannot be resumed. One that has finished stays as it is.',
      tag: 'Runs',
      parameters: [idParameter],
      reply: { schema: runSchema },
      errors: [404, 409],
    }),
    async (context) => {
      await service.cancel(context.req.param('id'));
      return context.json(await view(context.req.param('id')));
    },
  );

  api.post(
    '/:id/resume',
    describe({
      summary: 'Go on with a run that stopped',
      description: 'Steps that were done are not paid for again. A run that is at work stays as it is.',
      tag: 'Runs',
      parameters: [idParameter],
      body: { 'application/json': resumeSchema },
      reply: { schema: runSchema },
      errors: [400, 404, 409, 429, 502],
    }),
    async (context) => {
      const limits = await readJson(context, resumeSchema);
      await service.resume(context.req.param('id'), limits, context.get('caller'));
      return context.json(await view(context.req.param('id')));
    },
  );

  api.delete(
    '/:id',
    describe({
      summary: 'Delete a run that is not at work, with all that was kept for it',
      tag: 'Runs',
      parameters: [idParameter],
      reply: { schema: z.object({ runId: z.string(), deleted: z.literal(true) }) },
      errors: [404, 409],
    }),
    async (context) => {
      const runId = context.req.param('id');
      await service.remove(runId);
      return context.json({ runId, deleted: true });
    },
  );

  return api;
}

function isForm(context: ServerContext): boolean {
  return (context.req.header('content-type') ?? '').toLowerCase().startsWith('multipart/');
}

function parseField(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, 'invalid_form', `The field ${JSON.stringify(name)} is no JSON.`, {
      param: name,
      cause: error,
    });
  }
}

async function hasEvents(store: RunStore, runId: string, after: number): Promise<boolean> {
  const first = await store.events(runId, after)[Symbol.asyncIterator]().next();
  return first.done !== true;
}
