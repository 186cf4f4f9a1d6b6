/**
 * A training run in a folder: settings, metrics, rollouts and checkpoints; killed at any moment, it goes on.
 *
 * The order of writing makes that so: a step's line and rollouts are written first, then, where one is due, the
 * checkpoint; going on from a checkpoint removes every line and rollout after it.
 */
import { type FileLock, lockFile, MemagentError } from '@memagent/core';
import { join, resolve } from 'node:path';
import type { TrainingBackend } from '../backend/backend.ts';
import {
  listCheckpoints,
  loadCheckpoint,
  removeUnfinished,
  saveCheckpoint,
  saveFolder,
} from '../checkpoint/checkpoint-folder.ts';
import { batchesAhead, createBatchQueue } from './batch-queue.ts';
import { createBatchStore } from './batch-store.ts';
import { exists } from './exists.ts';
import { openRunFolder, type RunDescription } from './run-folder.ts';
import { openTrainingLog } from './training-log.ts';
import { train } from './train.ts';
import { openUsageLog } from './usage-log.ts';
import { initialTrainerState, type TrainerState } from './trainer-state.ts';
import { checkTrainingConfig, type TrainingConfigInput } from './training-config.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';

export interface RunTrainingOptions<Observation> {
  /** Stable name of the recipe, kept with the run: `evidence`, `tiny`. */
  name: string;
  setup: TrainingSetup<Observation>;
  config: TrainingConfigInput;
  /** Folder of the run: `training.json`, `metrics.jsonl`, `rollouts/step-000001.jsonl`, `checkpoints/step-000050/`. */
  out: string;
  /** Go on with the run in `out` from its newest checkpoint (from the beginning where it has none). */
  resume?: boolean;
  /** Folder of a checkpoint whose weights and optimiser a new run begins with; its steps are not counted. */
  from?: string;
  signal?: AbortSignal;
  now?: () => number;
}

/**
 * Runs `train` in a folder. Metrics and rollouts after the checkpoint that a run goes on from are removed and
 * made again, so the files end as those of a run that was never stopped (but for times). Throws `invalid-option`
 * when `out` holds a run and `resume` is not set, `settings-changed` when it is resumed with another
 * configuration, `bad-checkpoint`, `not-finite`, `run-locked` while another
 * process works on it, and `store-failed` when it cannot write.
 */
export async function* runTraining<Observation>(
  options: RunTrainingOptions<Observation>,
): AsyncGenerator<TrainingEvent> {
  const { name, setup, out, resume = false, from } = options;
  const config = checkTrainingConfig(options.config);
  const reference = requireReference(setup, config.loss.klWeight);
  const ahead = batchesAhead(setup, config);
  const run = { name, config, ...(from === undefined ? {} : { from: resolve(from) }) };
  const described = await openRunFolder(out, run, resume);
  const lock = lockRun(out);
  try {
    // What was sampled with weights that are gone cannot be sampled again.
    yield* trainInFolder(options, described, { reference, keepsBatches: setup.keepsBatches || ahead > 0 });
  } finally {
    lock.release();
  }
}

async function* trainInFolder<Observation>(
  { setup, out, signal = new AbortController().signal, now = Date.now }: RunTrainingOptions<Observation>,
  { config, from }: RunDescription,
  { reference, keepsBatches }: { reference: TrainingBackend<Observation> | undefined; keepsBatches: boolean },
): AsyncGenerator<TrainingEvent> {
  const { backend } = setup.policy;
  const start = (await listCheckpoints(out)).at(-1)?.folder ?? from;
  const loaded = start === undefined ? initialTrainerState : await loadCheckpoint(start, backend);
  const state = start === from ? initialTrainerState : loaded;
  await removeUnfinished(out);
  if (reference && state.step > config.warmUp.steps) await reference.load(join(out, 'reference'));
  const log = await openTrainingLog(out, state.step);
  const usage = await openUsageLog(out, reference ? [backend, reference] : [backend]);
  const batches = keepsBatches ? createBatchStore<Observation>(out) : undefined;
  const queue = createBatchQueue({ setup, config, batches, signal });
  let savedAt = now();
  let step = state.step;
  try {
    for await (const event of train({
      setup,
      config,
      state,
      queue,
      signal,
      now,
    })) {
      if (event.type === 'rl-start' && reference) await freezeReference(out, backend, reference, event.state);
      if (event.type === 'step-end') {
        await log.append(event.metrics, event.rollouts);
        await usage.write();
      }
      yield event;
      if (event.type !== 'step-end') continue;
      step = event.state.step;
      const isLast = step === config.warmUp.steps + config.steps;
      const isDue = step % config.checkpointEverySteps === 0 || now() - savedAt >= config.checkpointEveryMs;
      if (isLast || isDue) {
        await log.sync();
        // Whoever goes on from here needs the batches that older weights have drawn.
        await queue.settled();
        const folder = await saveCheckpoint(out, backend, event.state, { keep: config.keepCheckpoints });
        await batches?.forget(step);
        savedAt = now();
        yield { type: 'checkpoint-saved', step, folder };
      }
    }
  } catch (error) {
    throw isNotFinite(error) ? await explainNotFinite(error, step + 1, out) : error;
  } finally {
    await log.close();
    await usage.write();
  }
}

function isNotFinite(error: unknown): error is MemagentError {
  return error instanceof MemagentError && error.code === 'not-finite';
}

/** Says what to do: the same run would come to the same numbers again. */
async function explainNotFinite(error: MemagentError, step: number, out: string): Promise<MemagentError> {
  const good = (await listCheckpoints(out)).at(-1);
  const kept = good ? `The checkpoint ${good.folder} is as it was: begin` : 'Begin';
  return new MemagentError(
    `Step ${step}: ${error.message} Resuming would come to the same. ${kept} another run${good ? ' from it' : ''} with a lower learning rate or clip norm (adam.learningRate, adam.clipNorm), or look at the rewards and data of this step.`,
    { code: 'not-finite', data: { ...error.data, step }, cause: error },
  );
}

/** One process at a time works on a folder; the lock goes with the process, however it ends. */
function lockRun(out: string): FileLock {
  const lock = lockFile(join(out, 'lock'));
  if (lock) return lock;
  throw new MemagentError(
    `The run in ${out} is being worked on by another process. Wait until it has finished, or stop it, then resume.`,
    { code: 'run-locked', retryable: true, data: { folder: out } },
  );
}

/** The reference of the KL term is the policy as the RL phase begins; kept, so that a resumed run has the same one. */
async function freezeReference<Observation>(
  out: string,
  backend: TrainingBackend<Observation>,
  reference: TrainingBackend<Observation>,
  state: TrainerState,
): Promise<void> {
  const folder = join(out, 'reference');
  if (!(await exists(folder))) await saveFolder(folder, backend, state);
  await reference.load(folder);
}

function requireReference<Observation>(
  { reference }: TrainingSetup<Observation>,
  klWeight: number,
): TrainingBackend<Observation> | undefined {
  if (klWeight === 0) return undefined;
  if (reference) return reference;
  throw new MemagentError(
    `loss.klWeight is ${klWeight}, but the setup has no reference to keep close to. Give a second backend as reference, or set loss.klWeight to 0.`,
    { code: 'invalid-option', data: { option: 'loss.klWeight' } },
  );
}
