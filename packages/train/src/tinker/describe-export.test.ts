import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type NamedTensor, writeSafetensors } from '../checkpoint/safetensors.ts';
import { leastTinyConfig } from '../tiny/sample-config.ts';
import { initialTensors } from '../tiny/tensors.ts';
import { describeExport } from './describe-export.ts';
import { openLocalTinker } from './local-tinker.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** As PEFT writes an adapter that was given rank and alpha alone, which is what SkyRL does. */
const config = {
  peft_type: 'LORA',
  base_model_name_or_path: 'Qwen/Qwen3-8B',
  r: 4,
  lora_alpha: 32,
  target_modules: null,
  bias: 'none',
  use_dora: false,
  modules_to_save: null,
  rank_pattern: {},
};
const layer = 'base_model.model.model.layers.0.self_attn.q_proj';
const zeros = (...shape: number[]): NamedTensor => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const adapter = { [`${layer}.lora_A.weight`]: zeros(4, 8), [`${layer}.lora_B.weight`]: zeros(6, 4) };

async function writeAdapter(
  changes: object = {},
  tensors: Record<string, NamedTensor> = adapter,
): Promise<void> {
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify({ ...config, ...changes }));
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), { tensors, metadata: { format: 'pt' } });
}

test('an adapter is told with its base model, its rank and what it changes', async () => {
  await writeAdapter();
  expect(await describeExport(folder)).toEqual({
    kind: 'adapter',
    baseModel: 'Qwen/Qwen3-8B',
    rank: 4,
    modules: ['q_proj'],
  });
});

test.each<[string, object, Record<string, NamedTensor>, RegExp]>([
  ['without a rank', { r: undefined }, adapter, /adapter_config\.json is not as it should be[^]*at r/],
  ['without target_modules', { target_modules: undefined }, adapter, /at target_modules/],
  ['with a bias', { bias: 'all' }, adapter, /at bias/],
  ['of another kind', { use_dora: true }, adapter, /at use_dora/],
  ['with layers trained whole', { modules_to_save: ['lm_head'] }, adapter, /at modules_to_save/],
  ['with names of its own', {}, { 'layers.0.attn.wq.lora_a': zeros(4, 8) }, /by build_lora_adapter/],
  ['with half of a layer', {}, { [`${layer}.lora_A.weight`]: zeros(4, 8) }, /only one of lora_A and lora_B/],
  ['of a larger rank', { r: 2 }, adapter, /shape \[4, 8\], which is not of rank 2/],
  ['of nothing', {}, {}, /no tensors/],
])('an adapter %s is refused', async (_, changes, tensors, message) => {
  await writeAdapter(changes, tensors);
  await expect(describeExport(folder)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: expect.stringMatching(message),
  });
});

test('a folder that is not there, not unpacked or cut short is told of', async () => {
  await expect(describeExport(join(folder, 'none'))).rejects.toThrow(/cannot be read/);
  await expect(describeExport(folder)).rejects.toThrow(/is it unpacked\?/);
  await writeAdapter();
  await truncate(join(folder, 'adapter_model.safetensors'), 20);
  await expect(describeExport(folder)).rejects.toThrow(/cannot be read: it is cut short/);
  await rm(join(folder, 'adapter_model.safetensors'));
  await expect(describeExport(folder)).rejects.toThrow(/no adapter_model\.safetensors/);
});

test('what our own server keeps to sample from is a whole model', async () => {
  const weights = initialTensors(leastTinyConfig, 3);
  const local = openLocalTinker({ folder, baseModels: { least: { config: leastTinyConfig, weights } } });
  const session = await local.connect().openSession();
  const model = await session.createModel({ baseModel: 'least', lora: 'full' });
  const path = await model.saveWeightsForSampler('export');
  const saved = join(folder, path.replace('tinker://', ''));
  expect(await describeExport(saved)).toEqual({ kind: 'model', architecture: 'Qwen2ForCausalLM' });
  await session.close();
  local.close();
});
