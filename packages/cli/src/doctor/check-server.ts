import { formatDuration } from '../format/format-number.ts';
import { messageOf } from '@memagent/core';
import { listModels } from '../model/list-models.ts';
import type { ServerKey } from '../model/server-key.ts';
import type { Check } from './check.ts';

/** Whether an OpenAI-compatible server can be reached, and has the model. */
export async function checkServer(
  { baseUrl, model }: { baseUrl: string; model: string },
  key: ServerKey | undefined,
  { signal, now }: { signal: AbortSignal; now: () => number },
): Promise<Check[]> {
  const startedAt = now();
  let names: string[];
  try {
    names = await listModels(baseUrl, key, signal);
  } catch (error) {
    signal.throwIfAborted();
    return [{ name: 'reachable', status: 'failed', detail: messageOf(error) }];
  }
  const reachable: Check = {
    name: 'reachable',
    status: 'ok',
    detail: `${baseUrl} answered in ${formatDuration(now() - startedAt)}`,
  };
  // Ollama lists `name:latest` and answers to `name`.
  if (names.includes(model) || names.includes(`${model}:latest`)) {
    return [reachable, { name: 'model', status: 'ok', detail: `${model} is there` }];
  }
  const list = names.slice(0, 20).join(', ') || 'none';
  return [
    reachable,
    {
      name: 'model',
      status: 'failed',
      detail: `${model} is not among the server's models: ${list}. Name one of them with --model.`,
    },
  ];
}
