import { MemagentError, messageOf } from '@memagent/core';
import type { Environment } from '../environment.ts';
import { listModels } from './list-models.ts';
import type { ModelSpec } from './model-spec.ts';
import { defaultKeyEnv, serverKey } from './server-key.ts';

/** Most models that are named to choose from. */
const mostNamed = 20;

/** Adds to the error of a model that cannot be used what the user can do about it; other errors stay as they are. */
export async function explainUnavailable(
  error: unknown,
  spec: ModelSpec | undefined,
  { environment, signal }: { environment: Environment; signal: AbortSignal },
): Promise<unknown> {
  if (!(error instanceof MemagentError) || error.code !== 'model-unavailable' || !spec) return error;
  const { status } = error.data;
  const isKey = status === 401 || status === 403;
  const advice = isKey ? adviseOnKey(spec) : await adviseOnName(spec, environment, signal);
  const { code, data, cause } = error;
  return new MemagentError(`${error.message} ${advice}`, { code, data, cause });
}

function adviseOnKey(spec: ModelSpec): string {
  const name = 'apiKeyEnv' in spec ? spec.apiKeyEnv : undefined;
  return `The key was taken from ${name ?? defaultKeyEnv}; name another variable with --api-key-env.`;
}

async function adviseOnName(spec: ModelSpec, environment: Environment, signal: AbortSignal): Promise<string> {
  if (spec.provider !== 'compatible' && spec.provider !== 'ollama') return 'Name another with --model.';
  const key = spec.provider === 'compatible' ? serverKey(spec.apiKeyEnv, environment) : undefined;
  let names: string[];
  try {
    names = await listModels(spec.baseUrl, key, signal);
  } catch (error) {
    return messageOf(error);
  }
  if (names.length === 0) return `${spec.baseUrl} has no models.`;
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return `${spec.baseUrl} has: ${names.slice(0, mostNamed).join(', ')}${more}. Name one with --model.`;
}
