/**
 * An unpacked checkpoint as vLLM would load it: an adapter in PEFT's layout beside its base model, or a whole model in
 * the Hugging Face layout. Looks at what vLLM's loaders read, so that a wrong folder is known before a GPU is asked.
 */
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { z } from 'zod';

export type ExportedModel =
  /** `modules`: the last names of the layers that it changes, such as `q_proj`. */
  | { kind: 'adapter'; baseModel: string | undefined; rank: number; modules: readonly string[] }
  | { kind: 'model'; architecture: string };

/** Required by vLLM, `target_modules` even where it is null; the others must be as here. */
const adapterSchema = z.looseObject({
  base_model_name_or_path: z.string().nullish(),
  r: z.int().positive(),
  lora_alpha: z.number(),
  target_modules: z.union([z.array(z.string()), z.string(), z.null()]),
  bias: z.literal('none').default('none'),
  use_dora: z.literal(false).default(false),
  lora_bias: z.literal(false).default(false),
  modules_to_save: z.union([z.null(), z.tuple([])]).default(null),
  rank_pattern: z.record(z.string(), z.int().positive()).nullish(),
});
const modelSchema = z.looseObject({ architectures: z.tuple([z.string()], z.string()) });
const tensorSchema = z.object({ shape: z.array(z.int().nonnegative()) });
const headerSchema = z.record(z.string(), z.looseObject({}));

/** What a folder holds. Throws `bad-checkpoint` saying what vLLM would stumble over. */
export async function describeExport(folder: string): Promise<ExportedModel> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotServe(folder, `it cannot be read (${messageOf(error)})`);
  });
  if (names.includes('adapter_config.json')) return describeAdapter(folder, names);
  if (names.includes('config.json')) return describeModel(folder, names);
  throw cannotServe(folder, 'it has neither an adapter_config.json nor a config.json; is it unpacked?');
}

async function describeAdapter(folder: string, names: readonly string[]): Promise<ExportedModel> {
  const config = await readJson(folder, 'adapter_config.json', adapterSchema);
  if (!names.includes('adapter_model.safetensors'))
    throw cannotServe(folder, 'it has no adapter_model.safetensors');
  const rank = Math.max(config.r, ...Object.values(config.rank_pattern ?? {}));
  const shapes = await readShapes(folder, 'adapter_model.safetensors');
  const sides = new Map<string, Set<string>>();
  for (const [name, shape] of Object.entries(shapes)) {
    const [, layer, side] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
    if (!layer || !side) {
      throw cannotServe(
        folder,
        `its tensor ${name} is not named as PEFT does (base_model.model.LAYER.lora_A.weight); of a hosted engine, make an adapter by build_lora_adapter of tinker_cookbook first`,
      );
    }
    const ownRank = side === 'A' ? shape[0] : shape.at(-1);
    if (shape.length !== 2 || ownRank === undefined || ownRank > rank) {
      throw cannotServe(
        folder,
        `its tensor ${name} has shape [${shape.join(', ')}], which is not of rank ${rank}`,
      );
    }
    sides.set(layer, (sides.get(layer) ?? new Set()).add(side));
  }
  const half = [...sides].find(([, found]) => found.size < 2)?.[0];
  if (sides.size === 0 || half !== undefined) {
    throw cannotServe(
      folder,
      half === undefined ? 'it has no tensors' : `${half} has only one of lora_A and lora_B`,
    );
  }
  const modules = [...new Set([...sides.keys()].map((layer) => layer.split('.').at(-1) ?? ''))].toSorted();
  return { kind: 'adapter', baseModel: config.base_model_name_or_path ?? undefined, rank, modules };
}

async function describeModel(folder: string, names: readonly string[]): Promise<ExportedModel> {
  const { architectures } = await readJson(folder, 'config.json', modelSchema);
  if (!names.some((name) => name.endsWith('.safetensors')))
    throw cannotServe(folder, 'it has no weights (.safetensors)');
  return { kind: 'model', architecture: architectures[0] };
}

async function readJson<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw cannotServe(folder, `its ${name} is not as it should be: ${why}`);
  }
}

/** Shapes of a file's tensors, by name; of whatever type, and without reading the numbers. */
async function readShapes(folder: string, name: string): Promise<Record<string, number[]>> {
  const file = await open(join(folder, name));
  try {
    const { size } = await file.stat();
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const bytes = Number(length.readBigUInt64LE());
    if (bytes + 8 > size) throw new RangeError('it is cut short');
    const header = Buffer.alloc(bytes);
    await file.read(header, 0, bytes, 8);
    const { __metadata__: _, ...tensors } = headerSchema.parse(JSON.parse(header.toString('utf8')));
    return Object.fromEntries(
      Object.entries(tensors).map(([key, entry]) => [key, tensorSchema.parse(entry).shape]),
    );
  } catch (error) {
    throw cannotServe(folder, `${name} cannot be read: ${messageOf(error)}`);
  } finally {
    await file.close();
  }
}

function cannotServe(folder: string, why: string): MemagentError {
  return new MemagentError(`vLLM cannot serve ${folder}: ${why.replace(/\.$/, '')}.`, {
    code: 'bad-checkpoint',
    data: { folder },
  });
}
