/** Saved weights of an engine of the Tinker API as an AI SDK language model: prompts go there as token ids. */
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { loadChatEncoder, MemagentError } from '@memagent/core';
import { createTinkerClient, type TinkerClientOptions } from '@memagent/tinker';
import { createTinyLanguageModel } from '../tiny/tiny-model.ts';
import { tinyChat } from '../tiny/tiny-tokenizer.ts';
import { createTinkerSampler } from './tinker-sampler.ts';
import { tinyBaseModel } from './server/serve-tinker.ts';

export interface TinkerModelOptions {
  connection: TinkerClientOptions;
  /** A path `tinker://…`, or the name of a base model. */
  source: string;
  /** Folder of the model's tokenizer with its chat template, or how to find it by the model's name. Not needed for the tiny model. */
  tokenizer?: string | ((baseModel: string) => Promise<string>);
}

/** Opens it. Throws `invalid-tokenizer` where none is given for a model that needs one. */
export async function openTinkerModel({
  connection,
  source,
  tokenizer,
}: TinkerModelOptions): Promise<{ model: LanguageModelV4; close(): Promise<void> }> {
  const client = createTinkerClient(connection);
  const isPath = source.startsWith('tinker://');
  const baseModel = isPath ? (await client.checkpoints.info(source)).baseModel : source;
  if (tokenizer === undefined && baseModel !== tinyBaseModel) {
    throw new MemagentError(
      `The engine takes tokens: give the folder of the tokenizer of ${baseModel} (--tokenizer FOLDER).`,
      { code: 'invalid-tokenizer', data: { model: baseModel } },
    );
  }
  const folder =
    typeof tokenizer === 'function' && baseModel !== tinyBaseModel ? await tokenizer(baseModel) : tokenizer;
  const session = await client.openSession();
  const sampler = await session.createSampler(isPath ? { modelPath: source } : { baseModel: source });
  return {
    model: createTinyLanguageModel({
      backend: { sample: createTinkerSampler(async () => sampler) },
      chat: typeof folder === 'string' ? await loadChatEncoder(folder) : tinyChat,
      modelId: source,
    }),
    close: () => session.close(),
  };
}
