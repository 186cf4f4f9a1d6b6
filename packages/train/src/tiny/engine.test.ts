import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import { packRows } from './pack-rows.ts';
import { referenceLogits } from './reference-forward.ts';
import { oddTinyConfig } from './sample-config.ts';
import { initialTensors } from './tensors.ts';

const config = oddTinyConfig;
const tensors = initialTensors(config, 7);
// Norms and biases that matter.
for (const [name, { data }] of Object.entries(tensors)) {
  if (/norm|bias/.test(name))
    data.forEach((value, at) => (data[at] = value + 0.1 * Math.sin(at + name.length)));
}
const vocabulary = config.vocab_size;
const prompt = (length: number, salt: number): number[] =>
  Array.from({ length }, (_, at) => (at * at * 7 + salt * 5 + at) % vocabulary);

function logitsOf(logits: Float32Array, row: number): Float32Array {
  return logits.subarray(row * vocabulary, (row + 1) * vocabulary);
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(Array.from(actual)).toHaveLength(expected.length);
  expected.forEach((value, at) => expect(actual[at]).toBeCloseTo(value, 4));
}

test('prompts of any length, padded or not, have the logits of the definition, and so has each token that follows', () => {
  expect.hasAssertions();
  const engine = createEngine(config, tensors);
  const prompts = [prompt(1, 1), prompt(9, 2), prompt(16, 3)];
  const replies = [
    [5, 6, 7],
    [8, 9, 10],
    [11, 12, 13],
  ];
  const read = engine.readPrompts(
    packRows(
      prompts.map((one) => ({ prompt: one, actions: [] })),
      4,
    ),
  );
  const whole = prompts.map((one, row) =>
    referenceLogits(config, tensors, [...one, ...(replies[row] ?? [])]),
  );
  prompts.forEach((one, row) => expectClose(logitsOf(read.logits, row), whole[row]?.[one.length - 1] ?? []));

  // Rows in another order, one of them left out.
  const kept = [2, 0];
  const decoding = read.keep(Int32Array.from(kept), 4);
  for (let index = 0; index < 3; index++) {
    const logits = decoding.next(
      Int32Array.from(kept, (row) => replies[row]?.[index] ?? 0),
      index,
    );
    kept.forEach((row, place) =>
      expectClose(logitsOf(logits, place), whole[row]?.[(prompts[row]?.length ?? 0) + index] ?? []),
    );
  }
  decoding.close();
  read.close();
  engine.close();
});

test('a row does not depend on its batch, to the last bit', () => {
  const engine = createEngine(config, tensors);
  const first = { prompt: prompt(11, 4), actions: [] };
  const others = Array.from({ length: 40 }, (_, salt) => ({
    prompt: prompt(1 + (salt % 16), salt),
    actions: [],
  }));
  const alone = engine.readPrompts(packRows([first], 16));
  const together = engine.readPrompts(packRows([first, ...others], 64));
  expect(together.logits.slice(0, vocabulary)).toEqual(alone.logits.slice(0, vocabulary));
  alone.close();
  together.close();
  engine.close();
});

test('weights come back as they were given', () => {
  const engine = createEngine(config, tensors);
  expect(engine.weights()).toEqual(tensors);
  engine.close();
});
