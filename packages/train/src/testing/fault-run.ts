/** A training run against a server, small and the same every time: what the fault tests break in one way or another. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TinkerClientOptions } from '@memagent/tinker';
import { listCheckpoints } from '../checkpoint/checkpoint-folder.ts';
import { createTinySetup } from '../tiny/tiny-setup.ts';
import { smallTinyConfig } from '../tiny/sample-config.ts';
import { initialTensors } from '../tiny/tensors.ts';
import type { PreparedPreset } from '../presets/preset.ts';
import { keepTraining } from '../trainer/keep-training.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import type { TrainingEvent } from '../trainer/training-event.ts';
import { openTinkerEngine } from '../tinker/open-tinker-engine.ts';
import { readSavedState } from '../tinker/saved-state.ts';
import type { BaseModel } from '../tinker/server/tinker-service.ts';

export const faultModel = 'memagent/small';

export function faultBaseModels(): Record<string, BaseModel> {
  return { [faultModel]: { config: smallTinyConfig, weights: initialTensors(smallTinyConfig, 7) } };
}

/** Three steps; a checkpoint after the second and the last. Brevity is rewarded, so that every group has a signal. */
const config: TrainingConfigInput = {
  seed: 5,
  steps: 3,
  questionsPerStep: 2,
  rolloutsPerQuestion: 2,
  dynamicSampling: null,
  shaped: { length: 0.5 },
  adam: { learningRate: 0.01 },
  checkpointEverySteps: 2,
};

/** Quick to notice that nobody answers. */
const retry = {
  firstWaitMs: 5,
  maxWaitMs: 20,
  giveUpAfterMs: 300,
  answerTimeoutMs: 5000,
  pollTimeoutMs: 5000,
};

export interface FaultRunOptions {
  out: string;
  connection: TinkerClientOptions;
  resume?: boolean;
  /** Before the engine is connected to again. Default: at once. */
  wait?: () => Promise<void>;
}

/** Starts or resumes it. */
export function runFaultTraining({
  out,
  connection,
  resume = false,
  wait = async () => {},
}: FaultRunOptions): AsyncGenerator<TrainingEvent> {
  return keepTraining({
    name: 'fault',
    config,
    out,
    resume,
    wait,
    now: () => 0,
    async open() {
      const engine = await openTinkerEngine({
        connection: { retry, ...connection },
        baseModel: faultModel,
        lora: 'full',
      });
      const { setup, close } = await createTinySetup(
        {
          seed: 5,
          tasks: ['needle'],
          hasGate: false,
          lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 1 }],
          demonstrations: { size: 1, shortSteps: 0 },
        },
        engine,
      );
      return { setup: setup as PreparedPreset['setup'], close };
    },
  });
}

/** What must be equal in the end: the metrics of every step, and the server's bytes of the last checkpoint. */
export async function outcomeOf(out: string, serverFolder: string): Promise<Record<string, string>> {
  const last = (await listCheckpoints(out)).at(-1)?.folder ?? '';
  const { statePath } = await readSavedState(last);
  const saved = join(serverFolder, statePath.replace('tinker://', ''));
  const outcome: Record<string, string> = { metrics: await readFile(join(out, 'metrics.jsonl'), 'utf8') };
  for (const name of await readdir(saved)) outcome[name] = await readFile(join(saved, name), 'base64');
  return outcome;
}
