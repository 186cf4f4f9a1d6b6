import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { loadTinyBase, serveTinker, tinyBaseModel } from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import type { TinkerServeFlags } from '../training-program.ts';
import { usageError } from '../usage-error.ts';

/** `memagent tinker-serve`: serves until it is interrupted. Returns the exit code. */
export async function tinkerServe(flags: TinkerServeFlags, shell: Shell): Promise<number> {
  const { port = 8000, host = '127.0.0.1', apiKeyEnv, seed, keepHours } = flags;
  const apiKey = apiKeyEnv === undefined ? undefined : shell.environment.secret(apiKeyEnv);
  if (apiKeyEnv !== undefined && apiKey === undefined) {
    throw usageError(`The environment variable ${apiKeyEnv} (--api-key-env) is not set.`);
  }
  const base = await loadTinyBase({
    ...(flags.weights === undefined ? {} : { folder: resolve(shell.cwd, flags.weights) }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { home } = await loadSettings(flags, shell);
  const server = await serveTinker({
    folder: flags.folder === undefined ? join(home, 'tinker') : resolve(shell.cwd, flags.folder),
    baseModels: { [tinyBaseModel]: base },
    port,
    host,
    ...(keepHours === undefined ? {} : { keepSeconds: keepHours * 3600 }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  await shell.print(`${server.url}\n`);
  shell.say(`Serving ${tinyBaseModel} by the Tinker API. Ctrl+C ends it.`);
  try {
    if (!shell.signal.aborted) await once(shell.signal, 'abort');
  } finally {
    await server.close();
  }
  return exitCodes.answered;
}
