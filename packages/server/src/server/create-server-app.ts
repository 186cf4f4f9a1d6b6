/** Puts the server together: who is let in, what is served, and how errors are answered. */
import { createSqliteRunStore, messageOf, RunStoppedError } from '@memagent/core';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDocumentResolver } from '../documents/document-input.ts';
import { builtInSamples } from '../documents/samples.ts';
import { createFileGate } from '../documents/file-gate.ts';
import { createUrlGate } from '../documents/url-gate.ts';
import { createFilesApi } from '../files/files-api.ts';
import { createFileStore } from '../files/file-store.ts';
import { describeError, RequestError } from '../http/server-error.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { createModelsApi } from '../models/models-api.ts';
import { createModelRegistry } from '../models/served-model.ts';
import { createOpenAiApi } from '../openai/openai-api.ts';
import { createApiPage } from '../openapi/api-page.ts';
import { pruneChats } from '../runs/prune-chats.ts';
import { createRunService } from '../runs/run-service.ts';
import { createRunSupervisor } from '../runs/run-supervisor.ts';
import { createRunsApi } from '../runs/runs-api.ts';
import { allowOrigins } from '../security/allowed-origins.ts';
import { requireApiKey } from '../security/api-keys.ts';
import { requireHost } from '../security/allowed-hosts.ts';
import { limitRequests } from '../security/limit-requests.ts';
import { createRedact, redactStore } from '../security/redact.ts';
import type { ServerOptions } from './server-options.ts';

export interface ServerApp {
  /** Its `fetch` serves requests without a network, too. */
  app: Hono<ServerEnv>;
  /** Clears away what the last process left, takes up the runs that it left unfinished, and says how many. */
  start(): Promise<{ resumed: number }>;
  /** Stops all runs, which the next process takes up, and closes the store. */
  close(): Promise<void>;
}

const mebibyte = 1024 ** 2;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Makes the application. Throws for options that make no sense: a root that is no folder, a key that is too short.
 *
 * @example
 * const { app, close } = createServerApp({ home: '/var/lib/memagent' });
 * const response = await app.request('/v1/models');
 */
export function createServerApp(options: ServerOptions): ServerApp {
  const {
    home,
    models = [],
    apiKeys = [],
    samples = builtInSamples,
    maxBodyBytes = 256 * mebibyte,
    maxRequests = 1024,
    maxRuns = 512,
    maxRunsPerKey = 256,
    keepChatRunsMs = 24 * hourMs,
    log = () => {},
  } = options;
  const redact = createRedact([...apiKeys, ...(options.secrets ?? [])]);
  const store = redactStore(createSqliteRunStore({ home }), redact);
  const files = createFileStore(join(home, 'files'));
  const registry = createModelRegistry(models);
  const supervisor = createRunSupervisor({ store, maxRuns });
  const service = createRunService({ store, supervisor, files, registry, maxRunsPerKey });
  const resolver = createDocumentResolver({
    files,
    fileGate: createFileGate(options.roots ?? []),
    urlGate: createUrlGate({
      allowedHosts: options.urlHosts ?? [],
      maxBytes: maxBodyBytes,
      ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    }),
    samples,
  });

  const app = new Hono<ServerEnv>();
  app.use(async (context, next) => {
    const startedAt = Date.now();
    await next();
    const { method, path } = context.req;
    log(redact(`${method} ${path} ${context.res.status} ${Date.now() - startedAt} ms`));
  });
  app.use(secureHeaders({ strictTransportSecurity: false }));
  app.use(requireHost(options.allowedHosts ?? []));
  app.use(allowOrigins(options.allowedOrigins ?? []));
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.use('/v1/*', requireApiKey(apiKeys));
  app.use('/v1/*', limitRequests(maxRequests));

  const runsOptions = { store, service, supervisor, files, resolver, registry, maxBodyBytes };
  app.route('/v1/runs', createRunsApi(runsOptions));
  app.route('/v1/files', createFilesApi({ files, maxBodyBytes }));
  const created = Math.floor(Date.now() / 1000);
  app.route('/v1', createModelsApi({ registry, samples, created }));
  app.route('/v1', createOpenAiApi({ ...runsOptions, folder: join(home, 'files'), redact, log }));
  app.route('/', createApiPage(app, readVersion()));
  if (options.pages) app.route('/', options.pages);

  app.notFound(({ req: { method, path } }) => {
    throw new RequestError(404, 'not_found', `${method} ${path} is not served here.`);
  });
  // Where a document lies here is nobody's business: its own name is enough.
  const withoutPaths = (text: string): string =>
    text.replaceAll(join(home, 'files', '/'), '').replaceAll(/file-[0-9a-f]{32}[\\/]content[\\/]/g, '');
  app.onError((error, context) => {
    const { status, body } = describeError(error);
    if (status === 500) log(redact(error.stack ?? messageOf(error)));
    // Clients of OpenAI ask again by themselves, which here would read the whole document again.
    if (error instanceof RunStoppedError) {
      context.header('x-should-retry', 'false');
      context.header('x-memagent-run', error.runId);
    }
    body.error.message = withoutPaths(redact(body.error.message));
    return context.json(body, status);
  });

  const prune = async (): Promise<void> => {
    try {
      await pruneChats(store, service, Date.now() - keepChatRunsMs);
    } catch (error) {
      log(redact(`Could not delete the runs of old chats: ${messageOf(error)}`));
    }
  };
  let pruning: NodeJS.Timeout | undefined;

  return {
    app,
    async start() {
      // Another process may share the home, and be receiving something.
      await files.sweep(Date.now() - 24 * hourMs);
      await prune();
      pruning = setInterval(() => void prune(), Math.max(minuteMs, Math.min(hourMs, keepChatRunsMs)));
      pruning.unref();
      return { resumed: (await service.resumeAll()).length };
    },
    async close() {
      clearInterval(pruning);
      await supervisor.close();
      await store.close();
    },
  };
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
