import { stat } from 'node:fs/promises';
import { readSavedState } from '@memagent/train';
import { usageError } from '../usage-error.ts';
import { checkBaseUrl } from './check-base-url.ts';
import type { Endpoint } from './choose-endpoint.ts';
import type { ModelSpec } from './model-spec.ts';

/** Where the service that is hosted by the makers of the API answers. */
export const hostedTinkerUrl = 'https://tinker.thinkingmachines.dev/services/tinker-prod';

/** The variable that holds its key, unless another is named. */
export const tinkerKeyEnv = 'TINKER_API_KEY';

/**
 * What `tinker:…` names: the folder of a checkpoint of `train --backend tinker`, a path `tinker://…`, or a base model
 * of the server.
 */
export async function tinkerSpec({
  model = '',
  baseUrl,
  apiKeyEnv,
  tokenizer,
}: Endpoint & { tokenizer: string | undefined }): Promise<ModelSpec> {
  const source = model.startsWith('tinker://') ? model : model.slice('tinker:'.length);
  if (source === '')
    throw usageError(`The model is ${JSON.stringify(model)}, without a name after the colon.`);
  const saved = (await isFolder(source)) ? await readSavedState(source) : undefined;
  const url = baseUrl ?? saved?.baseUrl ?? hostedTinkerUrl;
  return {
    provider: 'tinker',
    model: saved?.samplerPath ?? source,
    baseUrl: checkBaseUrl(url),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
