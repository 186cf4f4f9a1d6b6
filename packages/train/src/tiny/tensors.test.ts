import { expect, it } from 'vitest';
import { initialTensors, type Tensors } from './tensors.ts';
import { defaultTinyConfig, headSize } from './tiny-config.ts';

const config = defaultTinyConfig;
const width = config.hidden_size;
const half = width / 2;
const size = headSize(config);
const tensors = initialTensors(config, 1);
const lastLayer = config.num_hidden_layers - 1;

/** The embedding of a token as the model begins. */
function word(token: number): number[] {
  return Array.from(
    tensors['model.embed_tokens.weight']?.data.subarray(token * width, (token + 1) * width) ?? [],
  );
}

/** What the first head of a layer reads of `input`. */
function read(layer: number, part: 'q' | 'k' | 'v', input: readonly number[]): number[] {
  const rows = dataOf(`model.layers.${layer}.self_attn.${part}_proj.weight`);
  return Array.from({ length: size }, (_, own) => dot(rows.subarray(own * width, (own + 1) * width), input));
}

/** What the first head of a layer adds to the residual when it has found `found`. */
function write(layer: number, found: readonly number[]): number[] {
  const rows = dataOf(`model.layers.${layer}.self_attn.o_proj.weight`);
  const attended = rows.length / width;
  return Array.from({ length: width }, (_, out) =>
    dot(rows.subarray(out * attended, out * attended + size), found),
  );
}

function dataOf(name: keyof Tensors): Float32Array {
  return tensors[name]?.data ?? new Float32Array();
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Array.from(one).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

it('begins with words in the first half of the dimensions, and what is told of them in the second', () => {
  expect(word(100).slice(half)).toEqual(Array.from({ length: half }, () => 0));
  const written = dataOf('model.layers.0.self_attn.o_proj.weight');
  expect(written.subarray(0, written.length / 2).every((value) => value === 0)).toBe(true);
});

it('copies a word from one half to the other, and back again', () => {
  const original = word(100);
  const told = write(0, read(0, 'v', original));
  const strength = 2 / Math.sqrt(width);
  original.slice(0, half).forEach((value, at) => expect(told[half + at]).toBeCloseTo(strength * value, 6));
  const found = write(lastLayer, read(lastLayer, 'v', original));
  original.forEach((value, at) => expect(found[at]).toBeCloseTo(1.5 * value, 6));
});

it('looks for the word that was copied, whatever word stands there', () => {
  const told = write(0, read(0, 'v', word(100)));
  const scoreOf = (asked: number, standing: number): number => {
    const asks = read(lastLayer, 'q', write(0, read(0, 'v', word(asked))));
    const here = told.map((value, at) => value + (word(standing)[at] ?? 0));
    return dot(asks, read(lastLayer, 'k', here));
  };
  const best = scoreOf(100, 200);
  for (let other = 101; other < 200; other++) expect(scoreOf(other, 200)).toBeLessThan(best);
  // Only the pairs of the rotary embedding that begin small see the other half.
  for (let standing = 201; standing < 300; standing++)
    expect(Math.abs(scoreOf(100, standing) - best)).toBeLessThan(0.2 * best);
});

it('follows from its seed', () => {
  expect(initialTensors(config, 1)).toEqual(tensors);
  expect(initialTensors(config, 2)).not.toEqual(tensors);
});
