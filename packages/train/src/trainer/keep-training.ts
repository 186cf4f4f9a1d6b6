/**
 * A training run on an engine elsewhere, which may be killed, hang or be started anew at any moment: the run then goes
 * on from its newest checkpoint with a new connection. Steps after the checkpoint are made again on the batches that
 * were kept, so they are not sampled twice, and where the engine computes the same twice the weights end the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngineLost } from '../backend/find-engine-lost.ts';
import type { PreparedPreset } from '../presets/preset.ts';
import { runTraining, type RunTrainingOptions } from './run-training.ts';
import { readRunDescription } from './run-folder.ts';
import type { TrainingEvent } from './training-event.ts';

export interface KeepTrainingOptions extends Omit<RunTrainingOptions<unknown>, 'setup'> {
  /** Connects to the engine; called again after each loss. */
  open(): Promise<PreparedPreset>;
  /** The run stops when the engine was lost so many times in a row without a step in between. Default 10. */
  mostLosses?: number;
  /** Default: 1 s, 2 s, 4 s, … up to a minute. */
  wait?: (losses: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Runs like `runTraining`. Throws `engine-lost` when the engine does not come back. */
export async function* keepTraining({
  open,
  mostLosses = 10,
  wait = waitLonger,
  ...run
}: KeepTrainingOptions): AsyncGenerator<TrainingEvent> {
  let { resume = false } = run;
  let losses = 0;
  let step = 0;
  while (true) {
    let prepared: PreparedPreset | undefined;
    let lost: Error | undefined;
    try {
      prepared = await open();
      for await (const event of runTraining({ ...run, resume, setup: prepared.setup })) {
        if (event.type === 'step-end') {
          losses = 0;
          ({ step } = event.state);
        }
        yield event;
      }
      return;
    } catch (error) {
      lost = findEngineLost(error);
      losses += 1;
      if (!lost || run.signal?.aborted || losses > mostLosses) throw error;
    } finally {
      // Nobody may be there to say goodbye to.
      if (lost) prepared?.close().catch(() => {});
      else await prepared?.close();
    }
    yield { type: 'notice', step: step + 1, code: 'engine-lost', message: lost.message };
    await wait(losses, run.signal);
    resume = await hasBegun(run.out);
  }
}

async function hasBegun(out: string): Promise<boolean> {
  return readRunDescription(out).then(
    () => true,
    () => false,
  );
}

async function waitLonger(losses: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = Math.min(1000 * 2 ** (losses - 1), 60_000);
  await sleep(ms, undefined, signal ? { signal } : {});
}
