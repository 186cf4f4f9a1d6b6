/** `metrics.jsonl`, one line a step, and `rollouts/step-000012.jsonl`, one line a rollout. */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurably, writeDurably } from '../checkpoint/write-durably.ts';
import { writeFailed } from '../checkpoint/write-failed.ts';
import type { StepMetrics } from './metrics.ts';
import type { RolloutRecord } from './rollout-record.ts';

export interface TrainingLog {
  append(metrics: StepMetrics, rollouts: readonly RolloutRecord[]): Promise<void>;
  /** Waits until every line is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the log of a run that has done `step` steps: what is there of later ones is removed. Throws `store-failed`. */
export async function openTrainingLog(out: string, step: number): Promise<TrainingLog> {
  const metricsPath = join(out, 'metrics.jsonl');
  const rolloutsFolder = join(out, 'rollouts');
  try {
    await mkdir(rolloutsFolder, { recursive: true });
    await cutMetrics(metricsPath, step);
    for (const name of await readdir(rolloutsFolder)) {
      if (Number(/^step-(\d+)\.jsonl$/.exec(name)?.[1] ?? 0) > step) await rm(join(rolloutsFolder, name));
    }
    const handle = await open(metricsPath, 'a');
    return {
      async append(metrics, rollouts) {
        try {
          if (rollouts.length > 0) {
            const path = join(rolloutsFolder, `step-${String(metrics.step).padStart(6, '0')}.jsonl`);
            await writeDurably(path, toLines(rollouts));
          }
          await handle.appendFile(toLines([metrics]));
        } catch (error) {
          throw writeFailed(`step ${metrics.step}`, out, error);
        }
      },
      async sync() {
        await handle.sync();
      },
      close: () => handle.close(),
    };
  } catch (error) {
    throw writeFailed('the metrics', out, error);
  }
}

/** Keeps the lines of the steps up to `step`; a line that was cut short is later than those. */
async function cutMetrics(path: string, step: number): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text
    .split('\n')
    .slice(0, step)
    .filter((line) => line !== '');
  const kept = lines.map((line) => `${line}\n`).join('');
  if (kept !== text) await replaceDurably(path, kept);
}

function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
