import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  readSafetensors,
  writeSafetensors,
} from './safetensors.ts';

const file: Safetensors = {
  tensors: {
    'model.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 0, 3.25, -0) },
    step: { dtype: 'I32', shape: [], data: Int32Array.of(7) },
    empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array() },
  },
  metadata: { format: 'pt' },
};

/**
 * The bytes that the Python library gives: `safetensors.numpy.save({'a': np.array([[1.0, -2.0]], 'float32')},
 * metadata={'format': 'pt'})`, version 0.8.0.
 */
const fromPython = Buffer.from(
  'WAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJhIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDJdLCJkYXRhX29mZnNldHMiOlswLDhdfX0gAACAPwAAAMA=',
  'base64',
);

test('a file survives writing and reading', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-safetensors-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeSafetensors(join(folder, 'model.safetensors'), file);
  expect(await readSafetensors(join(folder, 'model.safetensors'))).toEqual(file);
});

test('gives the bytes that the Python library gives, and reads them', () => {
  const known: Safetensors = {
    tensors: { a: { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, -2) } },
    metadata: { format: 'pt' },
  };
  expect(Buffer.from(encodeSafetensors(known)).toString('latin1')).toBe(fromPython.toString('latin1'));
  expect(decodeSafetensors(fromPython, 'a file of Python')).toEqual(known);
});

test('the same tensors give the same bytes in any order', () => {
  const turned = { ...file, tensors: Object.fromEntries(Object.entries(file.tensors).toReversed()) };
  expect(encodeSafetensors(turned)).toEqual(encodeSafetensors(file));
});

test('a file that was cut short anywhere is refused', () => {
  const bytes = encodeSafetensors(file);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeSafetensors(bytes.subarray(0, length), 'x')).toThrow(
      expect.objectContaining({ code: 'bad-checkpoint' }),
    );
  }
});

test('bytes that are no safetensors are refused, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => decodeSafetensors(bytes, 'noise')).toThrow(/^noise cannot be used: /);
    }),
  );
});

test('a tensor whose numbers do not fill its shape is refused', () => {
  const tensors = { w: { dtype: 'F32' as const, shape: [3], data: new Float32Array(2) } };
  expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(
    'Tensor "w" has 2 numbers, and its shape [3] has room for 3.',
  );
});

test('a file that is not there is a bad checkpoint', async () => {
  await expect(readSafetensors(join(tmpdir(), 'no-such', 'model.safetensors'))).rejects.toMatchObject({
    code: 'bad-checkpoint',
  });
});
