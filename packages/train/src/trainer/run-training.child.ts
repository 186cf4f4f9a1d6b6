/**
 * Another process for `run-training.processes.test.ts`: `node run-training.child.ts <out> <calls>` trains the gate task
 * in the folder, resuming it, and kills itself as the engine's call of that number begins; 0 for never. A call of
 * `save` counts twice: before it writes anything, and when its first file is there.
 */
import { join } from 'node:path';
import { writeDurably } from '../checkpoint/write-durably.ts';
import { runGate } from '../testing/gate-run.ts';

const [out = '', lastCall = '0'] = process.argv.slice(2);
let calls = 0;

function count(): void {
  calls += 1;
  if (calls === Number(lastCall)) process.kill(process.pid, 'SIGKILL');
}

const run = runGate({
  out,
  resume: true,
  wrap: (backend) => ({
    ...backend,
    sample(request) {
      count();
      return backend.sample(request);
    },
    forwardBackward(data, loss) {
      count();
      return backend.forwardBackward(data, loss);
    },
    optimStep(step) {
      count();
      return backend.optimStep(step);
    },
    async save(folder) {
      count();
      await writeDurably(join(folder, 'model.safetensors'), 'half of a f');
      count();
      await backend.save(folder);
    },
  }),
});
for await (const event of run) if (event.type === 'training-end') console.log(calls);
