/**
 * What the training loop costs beside the engine: the smoke recipe against a server of the Tinker API in another
 * process, with the time of each step told apart into time in which the engine was being waited for and time of the
 * loop itself (rendering, recording, rewards, data, metrics).
 *
 *     npm run bench:tinker-loop            (12 batches of 4 questions x 4 rollouts)
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTinySetup,
  openTinkerEngine,
  runTraining,
  serveTinker,
  tinyBaseModel,
  tinyRecipe,
  type TrainingBackend,
} from '@memagent/train';

if (process.argv[2] === 'serve') {
  const server = await serveTinker({ folder: process.argv[3] ?? '' });
  process.send?.(server.url);
} else {
  await measure();
}

async function measure(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'memagent-bench-'));
  const child = fork(import.meta.filename, ['serve', join(root, 'server')]);
  try {
    const baseUrl = await new Promise<string>((resolve, reject) => {
      child.once('message', (url) => resolve(String(url)));
      child.once('exit', () => reject(new Error('The server did not start.')));
    });
    const engine = await openTinkerEngine({
      connection: { baseUrl, apiKey: 'tml-bench' },
      baseModel: tinyBaseModel,
      lora: 'full',
    });
    const waiting = createStopwatch();
    const { setup, close } = await createTinySetup(
      {
        ...tinyRecipe,
        seed: 42,
        tasks: ['needle'],
        lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 4 }],
      },
      { ...engine, backend: timed(engine.backend, waiting) },
    );
    const shares: number[] = [];
    const loopMs: number[] = [];
    let [startedAt, waitedBefore] = [performance.now(), 0];
    const config = {
      steps: 12,
      // In turns: time of the loop and of the engine lie apart.
      batchesAhead: 0,
      questionsPerStep: 4,
      rolloutsPerQuestion: 4,
      dynamicSampling: null,
      shaped: { length: 0.5 },
      checkpointEverySteps: 100,
      recordEverySteps: 1,
    };
    for await (const event of runTraining({ name: 'bench', setup, config, out: join(root, 'run') })) {
      if (event.type !== 'step-end') continue;
      const now = performance.now();
      const stepMs = now - startedAt;
      const ownMs = stepMs - (waiting.ms() - waitedBefore);
      // The first steps compile.
      if (event.metrics.step > 4) {
        loopMs.push(ownMs);
        shares.push(ownMs / stepMs);
        console.log(
          `step ${event.metrics.step}: ${stepMs.toFixed(0)} ms, of it the loop's own ${ownMs.toFixed(1)} ms, ${event.metrics.conversations} conversations`,
        );
      }
      [startedAt, waitedBefore] = [now, waiting.ms()];
    }
    console.log(
      `median: ${median(loopMs).toFixed(1)} ms of the loop's own a step, ${(median(shares) * 100).toFixed(1)}% of the step`,
    );
    await close();
  } finally {
    child.kill();
    await rm(root, { recursive: true });
  }
}

/** Time in which at least one call is under way. */
function createStopwatch() {
  let [open, total, since] = [0, 0, 0];
  return {
    ms: () => total + (open > 0 ? performance.now() - since : 0),
    async around<Result>(call: () => Promise<Result>): Promise<Result> {
      if (open === 0) since = performance.now();
      open += 1;
      try {
        return await call();
      } finally {
        open -= 1;
        if (open === 0) total += performance.now() - since;
      }
    },
  };
}

function timed<Observation>(
  backend: TrainingBackend<Observation>,
  watch: ReturnType<typeof createStopwatch>,
): TrainingBackend<Observation> {
  return {
    ...backend,
    sample: (request) => watch.around(() => backend.sample(request)),
    forwardBackward: (data, loss) => watch.around(() => backend.forwardBackward(data, loss)),
    optimStep: (step) => watch.around(() => backend.optimStep(step)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
