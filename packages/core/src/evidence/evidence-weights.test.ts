import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadEvidenceWeights, shippedWeights } from './evidence-weights.ts';

const folder = await mkdtemp(join(tmpdir(), 'memagent-weights-'));
const shipped = await readFile(shippedWeights);

test('the shipped weights are small and whole', async () => {
  const weights = await loadEvidenceWeights();
  expect(shipped.length).toBeLessThan(2_000_000);
  expect(weights.version).toMatch(/^evidence-42-[0-9a-f]{8}$/);
  expect(weights.sketch.some((code) => code > 0)).toBe(true);
});

test('other weights of the same name are told apart', async () => {
  const path = join(folder, 'other.safetensors');
  const other = Buffer.from(shipped);
  other.writeFloatLE(0.5, other.length - 4);
  await writeFile(path, other);
  const [one, two] = [await loadEvidenceWeights(), await loadEvidenceWeights(path)];
  expect(one.version).not.toBe(two.version);
});

const notFinite = Buffer.from(shipped);
notFinite.fill(0xff, notFinite.length - 4000);

test.each([
  ['missing', undefined, /ENOENT/],
  ['empty', Buffer.alloc(0), /0 bytes/],
  ['cut short', shipped.subarray(0, shipped.length - 100), /cut short/],
  ['another file', Buffer.from('a text that is no file of weights at all'), /cut short|JSON/],
  ['not finite', notFinite, /not finite/],
])('refuses weights that are %s', async (name, bytes, problem) => {
  const path = join(folder, `${name}.safetensors`);
  if (bytes) await writeFile(path, bytes);
  await expect(loadEvidenceWeights(path)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: expect.stringMatching(problem),
  });
});
