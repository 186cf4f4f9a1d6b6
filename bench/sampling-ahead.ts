/**
 * What sampling ahead of training saves: the same small run on an engine that answers after the times that are given,
 * as one elsewhere does, with sampling and training in turns and with one batch ahead.
 *
 *     npm run bench:sampling-ahead -- [MS_OF_A_CONVERSATION] [MS_OF_A_PASS]            (default 400 2000)
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkTrainingConfig, train } from '@memagent/train';
import { createLinearBackend } from '@memagent/train/testing';
import { createGateSetup, gateShape } from '../packages/train/src/testing/gate-task.ts';

const [sampleMs = 400, passMs = 2000] = process.argv.slice(2).map(Number);
const steps = 6;

for (const batchesAhead of [0, 1]) {
  const engine = createLinearBackend({ ...gateShape, seed: 3 });
  const slow = ({ sample }: Pick<typeof engine, 'sample'>): Pick<typeof engine, 'sample'> => ({
    async sample(request) {
      await sleep(sampleMs);
      return sample(request);
    },
  });
  const backend: typeof engine = {
    ...engine,
    ...slow(engine),
    snapshot: () => slow(engine.snapshot?.() ?? engine),
    async forwardBackward(data, loss) {
      await sleep(passMs);
      return engine.forwardBackward(data, loss);
    },
  };
  const config = checkTrainingConfig({
    steps,
    questionsPerStep: 4,
    rolloutsPerQuestion: 4,
    dynamicSampling: null,
    batchesAhead,
    adam: { learningRate: 0.05 },
  });
  const ms: number[] = [];
  let [startedAt, reward] = [performance.now(), 0];
  for await (const event of train({ setup: createGateSetup(backend, 3), config })) {
    if (event.type !== 'step-end') continue;
    ms.push(performance.now() - startedAt);
    startedAt = performance.now();
    ({ reward } = event.metrics);
  }
  // The first step waits for its batch in either case.
  const median = ms.slice(1).toSorted((a, b) => a - b)[steps >> 1] ?? 0;
  console.log(
    `${batchesAhead} ahead: ${median.toFixed(0)} ms a step, reward of the last ${reward.toFixed(2)}`,
  );
}
