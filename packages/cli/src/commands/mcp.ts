import { createSqliteRunStore, MemagentError, messageOf } from '@memagent/core';
import { createMcpService, type McpService, serveMcp, serveMcpStdio } from '@memagent/server/mcp';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { defined } from '../defined.ts';
import { exitCodes } from '../exit-codes.ts';
import type { McpFlags } from '../mcp-program.ts';
import { writeClientNote } from '../reading/client-note.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { readVersion } from '../read-version.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** `memagent mcp`: serves until its input ends or it is interrupted. Returns the exit code. */
export async function mcp(flags: McpFlags, shell: Shell): Promise<number> {
  const {
    root = [],
    allowHost,
    answerWithin,
    maxRuns,
    http = false,
    port = 8765,
    host,
    serverKeyEnv,
  } = flags;
  if (!http && (flags.port ?? host ?? serverKeyEnv) !== undefined) {
    throw usageError('--port, --host and --server-key-env are of the server over HTTP: add --http.');
  }
  const apiKeys =
    serverKeyEnv === undefined ? [] : (shell.environment.secret(serverKeyEnv)?.split(',') ?? []);
  if (serverKeyEnv !== undefined && apiKeys.length === 0) {
    throw usageError(`The environment variable ${serverKeyEnv} (--server-key-env) is not set.`);
  }
  const loaded = await loadSettings(flags, shell);
  const { reading, session, client } = await prepareReading(loaded, shell);
  // A run outlives its caller; what ends with this command is the service.
  const { signal: _signal, ...limits } = session;
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const service = createMcpService({
      store,
      version: readVersion(),
      redact: (text) => shell.environment.redact(text),
      reading: { ...reading, ...limits },
      client: writeClientNote(client),
      roots: root.map((folder) => resolve(shell.cwd, folder)),
      ...defined({ allowedHosts: allowHost, answerWithinMs: answerWithin, maxRuns }),
    });
    try {
      await takeUp(service, shell);
      if (http) await serveHttp(service, { port, apiKeys, ...defined({ host }) }, shell);
      else await serveMcpStdio(service, shell);
    } finally {
      await service.close();
    }
  } finally {
    await store.close();
  }
  return exitCodes.answered;
}

async function serveHttp(
  service: McpService,
  options: NonNullable<Parameters<typeof serveMcp>[1]>,
  shell: Shell,
): Promise<void> {
  const server = await serveMcp(service, options);
  await shell.print(`${server.url}\n`);
  shell.say('Serving the Model Context Protocol. Ctrl+C ends it.');
  if (!shell.signal.aborted) await once(shell.signal, 'abort');
  await service.close();
  await server.close();
}

/** Goes on with what was unfinished. Runs that another process works on are none of ours. */
async function takeUp(service: McpService, shell: Shell): Promise<void> {
  for (const { runId, started } of await service.resumeAll()) {
    started.then(
      () => shell.say(`Going on with run ${runId}`),
      (error: unknown) => {
        if (error instanceof MemagentError && error.code === 'run-locked') return;
        shell.say(`Cannot go on with run ${runId}: ${messageOf(error)}`);
      },
    );
  }
}
