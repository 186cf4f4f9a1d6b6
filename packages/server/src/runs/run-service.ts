/** Begins, finds, resumes and deletes runs, for every interface of the server. */
import {
  createRunId,
  type Estimate,
  estimate,
  MemagentError,
  type ResumeOptions,
  type RunRecord,
  type RunStatus,
  type RunStore,
  runStatus,
  type RunSummary,
  type SourceInput,
} from '@memagent/core';
import { defined } from '../defined.ts';
import type { FileStore, StoredFile } from '../files/file-store.ts';
import type { ModelRegistry, ServedModel } from '../models/served-model.ts';
import type { LiveRun, RunSupervisor } from './run-supervisor.ts';
import { applySettings, type GivenRunSettings, sessionOf } from './run-settings.ts';
import { readRunNote, type RunNote, writeRunNote } from './run-note.ts';

/** A large PDF takes its time; then the run is begun, and says later what is wrong. */
const mostPatienceMs = 2000;

export interface RunServiceOptions {
  store: RunStore;
  supervisor: RunSupervisor;
  files: FileStore;
  registry: ModelRegistry;
  /** Most runs that one caller may have at work at once. */
  maxRunsPerKey: number;
}

export interface NewRun {
  runId: string;
  question: string;
  source: SourceInput;
  model: ServedModel;
  settings: GivenRunSettings;
  /** Files that were made for the run, and are deleted with it. */
  owned: readonly StoredFile[];
  origin: RunNote['origin'];
  batch?: string;
  /** Who asks, for the limit on runs. */
  caller: string;
}

export type RunService = ReturnType<typeof createRunService>;

export function createRunService({ store, supervisor, files, registry, maxRunsPerKey }: RunServiceOptions) {
  const runsOf = new Map<string, number>();

  /** Counts a run in, and out when it has ended. Throws `limit-reached` where the caller has as many as may be. */
  function begin(caller: string, start: () => LiveRun): LiveRun {
    const count = runsOf.get(caller) ?? 0;
    if (count >= maxRunsPerKey) {
      throw new MemagentError(
        `This key has ${count} runs at work, as many as it may have at once. Wait until one has ended, or cancel one.`,
        { code: 'limit-reached', retryable: true, data: { limit: 'maxRunsPerKey', value: maxRunsPerKey } },
      );
    }
    const run = start();
    runsOf.set(caller, count + 1);
    const end = (): void => {
      const left = (runsOf.get(caller) ?? 1) - 1;
      if (left > 0) runsOf.set(caller, left);
      else runsOf.delete(caller);
    };
    run.result.then(end, end);
    return run;
  }

  async function requireRun(runId: string): Promise<RunRecord> {
    const run = await store.get(runId);
    if (run) return run;
    throw new MemagentError(`There is no run ${JSON.stringify(runId)} on this server.`, {
      code: 'run-not-found',
      data: { runId },
    });
  }

  async function deleteFiles(ids: readonly string[]): Promise<void> {
    for (const id of ids) await files.delete(id);
  }

  /** What a run of this server goes on with. Throws `settings-changed` where its model is served no longer. */
  function resumeOptionsFor(run: RunSummary): Omit<ResumeOptions, 'runId' | 'store' | 'home' | 'signal'> {
    const model = registry.findForRun(readRunNote(run.client)?.model, run.settings.model);
    if (model === undefined) {
      throw new MemagentError(
        `Run ${run.runId} was begun with the model ${run.settings.model}, which is not served here. Start the server with it to go on.`,
        { code: 'settings-changed', data: { runId: run.runId } },
      );
    }
    const { model: languageModel, reasoningOptions, tokenizer } = model.reading;
    return {
      ...defined({
        model: run.settings.model === null ? undefined : languageModel,
        // The run knows its own settings; a tokenizer file it knows by its content only.
        tokenizer: run.settings.tokenizer.startsWith('hf:') ? tokenizer : undefined,
        reasoningOptions: run.settings.model === null ? undefined : reasoningOptions,
      }),
      ...model.session,
    };
  }

  /** Waits until something was read, so that a document that cannot be is refused while its sender still listens. */
  async function firstSection({ runId, result }: LiveRun): Promise<void> {
    const leaving = new AbortController();
    const patience = setTimeout(() => leaving.abort(), mostPatienceMs);
    try {
      for await (const { type } of supervisor.events(runId, { signal: leaving.signal })) {
        if (type === 'section-start') return;
      }
      await result;
    } catch (error) {
      // One that was kept has its reason in its trace.
      if (!leaving.signal.aborted && (await store.get(runId)) === undefined)
        throw await reasonOf(result, error);
    } finally {
      clearTimeout(patience);
    }
  }

  return {
    newRunId: () => createRunId(Date.now, Math.random),
    requireRun,

    /** The tokenizer of a run that knows its own by its content only; undefined for any other. */
    tokenizerFor({ client, settings }: Pick<RunSummary, 'client' | 'settings'>): ResumeOptions['tokenizer'] {
      if (!settings.tokenizer.startsWith('hf:')) return undefined;
      return registry.findForRun(readRunNote(client)?.model, settings.model)?.reading.tokenizer;
    },

    deleteFiles,

    /** The status as it really is: nobody may be working on a run that is marked as running. */
    async statusOf(run: Pick<RunSummary, 'runId' | 'status'>): Promise<RunStatus> {
      return supervisor.find(run.runId) ? 'running' : runStatus(store, run);
    },

    /** Throws what `read` throws for misuse; a run that could not begin leaves nothing behind. */
    async create({
      runId,
      question,
      source,
      model,
      settings,
      owned,
      origin,
      batch,
      caller,
    }: NewRun): Promise<LiveRun> {
      try {
        const run = begin(caller, () =>
          supervisor.start({
            ...applySettings(model, settings),
            ...sessionOf(model, settings),
            runId,
            question,
            source,
            client: writeRunNote(
              { model: model.id, origin, files: owned.map(({ id }) => id), ...defined({ batch }) },
              model.client,
            ),
          }),
        );
        await run.started;
        await firstSection(run);
        return run;
      } catch (error) {
        if ((await store.get(runId)) === undefined) await deleteFiles(owned.map(({ id }) => id));
        throw error;
      }
    },

    /** What a run would use. */
    estimate(
      { question, source, model, settings }: Pick<NewRun, 'question' | 'source' | 'model' | 'settings'>,
      signal: AbortSignal,
    ): Promise<Estimate> {
      return estimate({
        ...applySettings(model, settings),
        ...sessionOf(model, settings),
        question,
        source,
        signal,
      });
    },

    async resume(
      runId: string,
      limits: Pick<GivenRunSettings, 'maxTokens' | 'maxCost' | 'maxTimeMs'>,
      caller: string,
    ): Promise<void> {
      if (supervisor.find(runId)) return;
      const run = await requireRun(runId);
      const options = { ...resumeOptionsFor(run), ...defined(limits), runId };
      await begin(caller, () => supervisor.resume(options)).started;
    },

    /** Stops a run, resumably; one that is not at work stays as it is. */
    async pause(runId: string): Promise<void> {
      if (await supervisor.cancel(runId, 'The run was paused.')) return;
      await requireRun(runId);
    },

    /**
     * Stops a run for good: it is kept with what it has read, and cannot be resumed. One that has finished stays as it
     * is. Throws `run-locked` where another process works on it.
     */
    async cancel(runId: string): Promise<void> {
      await supervisor.cancel(runId, 'The run was cancelled.');
      await requireRun(runId);
      const lock = await store.lock(runId);
      try {
        const { status } = await requireRun(runId);
        if (status === 'stopped' || status === 'running') {
          await store.update(runId, { status: 'cancelled', updatedAt: Date.now() });
        }
      } finally {
        await lock.release();
      }
    },

    /** Throws `run-locked` while the run is at work. */
    async remove(runId: string): Promise<void> {
      const run = await requireRun(runId);
      await store.delete(runId);
      await deleteFiles(readRunNote(run.client)?.files ?? []);
    },

    /**
     * Takes up what the last process left unfinished. Runs whose client waited on an open connection have nobody
     * to answer any more: they stay where they are, and can be resumed like any other.
     */
    resumeAll: () =>
      supervisor.resumeAll((run) => {
        if (readRunNote(run.client)?.origin !== 'runs') return undefined;
        try {
          return resumeOptionsFor(run);
        } catch {
          return undefined; // Its model is not served now.
        }
      }),
  };
}

/** Why a run failed says more than that its events are gone. */
async function reasonOf(result: Promise<unknown>, otherwise: unknown): Promise<unknown> {
  return result.then(
    () => otherwise,
    (reason: unknown) => reason,
  );
}
