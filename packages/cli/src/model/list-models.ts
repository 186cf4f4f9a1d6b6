import { messageOf } from '@memagent/core';
import { z } from 'zod';
import { usageError } from '../usage-error.ts';
import { defaultKeyEnv, type ServerKey } from './server-key.ts';

const schema = z.object({ data: z.array(z.object({ id: z.string() })) });

const timeoutMs = 5000;

const checkAddress = 'Check that the server runs and that its address ends as it should (most end in /v1).';

/** The models of an OpenAI-compatible server, by `GET /models`. Throws where it cannot be asked. */
export async function listModels(
  baseUrl: string,
  key: ServerKey | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const problem = (what: string, cause?: unknown, remedy = checkAddress): Error =>
    usageError(`${baseUrl}/models ${what}. ${remedy}`, cause);
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/models`, {
      headers: key?.value === undefined ? {} : { authorization: `Bearer ${key.value}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw problem(`cannot be reached: ${reasonOf(error)}`, error);
  }
  if (response.status === 401 || response.status === 403) {
    const what = key?.value === undefined ? 'wants a key' : 'refuses the key';
    const remedy = `Put the right one into ${key?.name ?? defaultKeyEnv}, or name its variable with --api-key-env.`;
    throw problem(`${what} (HTTP ${response.status})`, undefined, remedy);
  }
  if (!response.ok) throw problem(`answered HTTP ${response.status}`);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw problem('answered without a list of models');
  return parsed.data.data.map(({ id }) => id);
}

/** `fetch failed` says nothing; its cause does. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}
