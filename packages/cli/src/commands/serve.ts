import { builtInModels, type ServedModel, startServer, type StartOptions } from '@memagent/server';
import { createStudioPages, findPage } from '@memagent/studio';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { defined } from '../defined.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeModel } from '../model/model-spec.ts';
import { upstreamOf } from '../model/upstream.ts';
import { writeClientNote } from '../reading/client-note.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import type { ServeFlags } from '../serve-program.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

const defaultPort = 8787;

/** `memagent serve`: serves until it is interrupted. Returns the exit code. */
export async function serve(flags: ServeFlags, shell: Shell): Promise<number> {
  const page = await findPage();
  if (page === undefined)
    shell.say('The studio is not built, and not served: npm run build, or memagent studio.');
  return serveWith(page, flags, shell);
}

/**
 * Serves until it is interrupted, with the studio where its page is given. `onReady` hears of the address when clients
 * can call.
 */
export async function serveWith(
  page: string | undefined,
  flags: ServeFlags,
  shell: Shell,
  onReady: (url: string) => Promise<void> = async () => {},
): Promise<number> {
  const loaded = await loadSettings(flags, shell);
  const model = await servedModel(flags, shell);
  const absolute = (folders: readonly string[] = []): string[] =>
    folders.map((folder) => resolve(shell.cwd, folder));
  const results = { evaluations: absolute(flags.evaluations), trainings: absolute(flags.trainings) };
  const pages = page === undefined ? undefined : await createStudioPages({ page, ...results });
  const server = await startServer({
    home: loaded.home,
    ...defined({ pages }),
    models: [model],
    ...serverOptions(flags, shell),
    secrets: model.upstream?.apiKey === undefined ? [] : [model.upstream.apiKey],
  });
  try {
    await shell.print(`${server.url}\n`);
    shell.say(`Serving ${model.id} at ${server.url}/v1, described at ${server.url}/docs. Ctrl+C ends it.`);
    if (page !== undefined) shell.say(`The studio, a page for people, is at ${server.url}`);
    if (server.resumed > 0) shell.say(`Going on with unfinished runs: ${server.resumed}.`);
    await onReady(server.url);
    if (!shell.signal.aborted) await once(shell.signal, 'abort');
  } finally {
    await server.close();
  }
  return exitCodes.answered;
}

/** The model that the flags name, or the built-in reader that they choose. */
async function servedModel(flags: ServeFlags, shell: Shell): Promise<ServedModel> {
  const { reading, session, client, spec } = await prepareReading(await loadSettings(flags, shell), shell);
  // A run ends with its client or by itself, not with the signal of this command.
  const { signal: _signal, ...limits } = session;
  const common = { reading, session: limits, client: { ...(writeClientNote(client) as object) } };
  if (spec === undefined) {
    const [evidence, extractive] = builtInModels;
    return { ...(reading.reader === 'extractive' ? extractive : evidence), ...common };
  }
  return {
    id: `memagent/${spec.model}`,
    description: `${describeModel(spec)}, with documents of any length.`,
    ...common,
    ...defined({ upstream: upstreamOf(spec, shell.environment) }),
  };
}

function serverOptions(flags: ServeFlags, { environment, cwd, say }: Shell): Omit<StartOptions, 'home'> {
  const { port = defaultPort, host, root = [], serverKeyEnv, maxBody } = flags;
  const keys = serverKeyEnv === undefined ? [] : (environment.secret(serverKeyEnv)?.split(',') ?? []);
  if (serverKeyEnv !== undefined && keys.length === 0) {
    throw usageError(`The environment variable ${serverKeyEnv} (--server-key-env) is not set.`);
  }
  return {
    port,
    apiKeys: keys.map((key) => key.trim()),
    roots: root.map((folder) => resolve(cwd, folder)),
    ...defined({
      host,
      allowedHosts: flags.allowName,
      allowedOrigins: flags.allowOrigin,
      urlHosts: flags.allowHost,
      maxBodyBytes: maxBody === undefined ? undefined : maxBody * 1024 ** 2,
      maxRequests: flags.maxRequests,
      maxRuns: flags.maxRuns,
      maxRunsPerKey: flags.maxRunsPerKey,
      keepChatRunsMs: flags.keepChats,
      log: flags.log ? say : undefined,
    }),
  };
}
