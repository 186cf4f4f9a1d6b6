/** Looks for an Ollama on this machine, for users who have configured nothing. */
import { z } from 'zod';
import type { ModelSpec } from './model-spec.ts';

const schema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      details: z.object({ family: z.string().nullish() }).nullish(),
    }),
  ),
});

/** A local server answers at once; whoever has none should not wait. */
const timeoutMs = 300;

/** The base URL of Ollama's OpenAI-compatible API, from OLLAMA_HOST as Ollama itself understands it. */
export function ollamaUrl(ollamaHost = ''): string {
  const [, scheme, address = ''] = /^(?:(https?):\/\/)?([^/]*)/.exec(ollamaHost) ?? [];
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  // The address to listen on, in every interface, is none to call.
  const hostname = ['', '0.0.0.0', '[::]'].includes(host) ? '127.0.0.1' : host;
  const ports: Record<string, string> = { http: '80', https: '443' };
  return `${scheme ?? 'http'}://${hostname}:${port ?? ports[scheme ?? ''] ?? '11434'}/v1`;
}

/** The model of a local Ollama that best follows instructions; undefined without Ollama or without models. */
export async function findOllamaModel(
  host: string | undefined,
  signal: AbortSignal,
): Promise<Extract<ModelSpec, { provider: 'ollama' }> | undefined> {
  const baseUrl = ollamaUrl(host);
  let body: unknown;
  try {
    const response = await fetch(new URL('/api/tags', baseUrl), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    body = await response.json();
  } catch {
    signal.throwIfAborted();
    return undefined; // No Ollama there, which is what was to be found out.
  }
  const { data } = schema.safeParse(body);
  const names = (data?.models ?? [])
    .filter(({ name, details }) => !/embed|bert|minilm|bge/i.test(`${name} ${details?.family ?? ''}`))
    .map(({ name }) => name);
  const model = names.find((name) => /instruct|chat|[-:]it\b/i.test(name)) ?? names[0];
  return model === undefined ? undefined : { provider: 'ollama', model, baseUrl };
}
