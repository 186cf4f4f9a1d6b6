/** For tests and measurements: the real server with the page, and a model behind the loopback server. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type LoopbackServerOptions, type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { type RunningServer, startServer, type StartOptions } from '@memagent/server';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudioPages, type StudioOptions } from '../create-studio-pages.ts';
import { preparePage } from '../prepare-page.ts';

export interface TestStudio extends AsyncDisposable {
  url: string;
  home: string;
  model: LoopbackServer;
  /** Ends the server as a deployment does, and starts it again in the same folder, at the same address. */
  restart(): Promise<void>;
}

export interface TestStudioOptions extends Omit<StudioOptions, 'page'> {
  loopback?: LoopbackServerOptions;
  server?: Partial<StartOptions>;
}

export async function startStudio({
  loopback = {},
  server: serverOptions = {},
  ...studio
}: TestStudioOptions = {}): Promise<TestStudio> {
  const home = await mkdtemp(join(tmpdir(), 'memagent-studio-'));
  const model = await startLoopbackServer(loopback);
  const pages = await createStudioPages({ page: await preparePage(), ...studio });
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      home,
      port,
      pages,
      models: [
        {
          id: 'memagent/loopback',
          description: 'The model of the tests.',
          reading: {
            model: createOpenAICompatible({ name: 'loopback', baseURL: model.baseUrl })('loopback'),
            tokenizer: 'o200k_base',
          },
          session: { retry: { minDelayMs: 1, maxDelayMs: 5 } },
        },
      ],
      ...serverOptions,
    });
  let server = await start(0);
  const { url } = server;
  return {
    url,
    home,
    model,
    async restart() {
      await server.close();
      server = await start(Number(new URL(url).port));
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await model.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
