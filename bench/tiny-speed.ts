/**
 * How fast jax-js computes the tiny model, in CPU time of this process: prompts read, tokens decoded, gradients.
 *
 *   npm run bench:tiny-speed
 */
import { createEngine } from '../packages/train/src/tiny/engine.ts';
import { packRows } from '../packages/train/src/tiny/pack-rows.ts';
import { initialTensors } from '../packages/train/src/tiny/tensors.ts';
import { defaultTinyConfig } from '../packages/train/src/tiny/tiny-config.ts';
import { median } from './median.ts';

const promptTokens = 62;
const rounds = 9;
const engine = createEngine(defaultTinyConfig, initialTensors(defaultTinyConfig, 1));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function measure(name: string, tokens: number, run: () => void): void {
  const startedAt = cpuMs();
  run();
  const firstMs = cpuMs() - startedAt;
  const times = Array.from({ length: rounds }, () => {
    const from = cpuMs();
    run();
    return cpuMs() - from;
  });
  const ms = median(times);
  const perSecond = Math.round((tokens / ms) * 1000).toLocaleString('en');
  console.log(
    `${name}: ${ms.toFixed(1)} ms, ${perSecond} tokens/s (the first time ${firstMs.toFixed(0)} ms)`,
  );
}

const prompt = (row: number): number[] =>
  Array.from({ length: promptTokens }, (_, at) => 4 + ((row * 7919 + at * 104_729) % 300));

for (const rows of [16, 64, 256]) {
  const prompts = packRows(
    Array.from({ length: rows }, (_, row) => ({ prompt: prompt(row), actions: [] })),
    rows,
  );
  measure(`read ${rows} prompts`, rows * promptTokens, () => engine.readPrompts(prompts).close());
  const read = engine.readPrompts(prompts);
  const decoding = read.keep(
    Int32Array.from({ length: rows }, (_, row) => row),
    4,
  );
  measure(`decode ${rows} tokens`, rows, () => void decoding.next(new Int32Array(rows).fill(5), 0));
  decoding.close();
  read.close();
}

for (const rows of [16, 64]) {
  const actionSlots = 4;
  const batch = packRows(
    Array.from({ length: rows }, (_, row) => ({ prompt: prompt(row), actions: [5, 6, 7] })),
    rows,
  );
  const all = (value: number): Float32Array => new Float32Array(rows * actionSlots).fill(value);
  const data = {
    actions: new Int32Array(rows * actionSlots).fill(5),
    counts: all(1),
    scale: all(1 / rows),
    advantage: all(1),
    temperature: all(1),
    oldLogprobs: all(-5),
    referenceLogprobs: all(-5),
    hasReference: all(0),
  };
  measure(`gradient of ${rows} conversations`, rows * promptTokens, () => {
    engine.addGradient(batch, data, {
      kind: 'clipped-surrogate',
      clipLow: 0.2,
      clipHigh: 0.28,
      klWeight: 0,
    });
  });
  engine.clearGradient();
}
engine.close();
