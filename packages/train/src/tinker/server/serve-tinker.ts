/** Serves the Tinker API over the embedded engine on a port of this machine. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { initialTensors } from '../../tiny/tensors.ts';
import { defaultTinyConfig } from '../../tiny/tiny-config.ts';
import { readTinyConfig, readTinyWeights } from '../../tiny/tiny-files.ts';
import { createTinkerApp } from './create-tinker-app.ts';
import { type BaseModel, createTinkerService } from './tinker-service.ts';

export interface ServeTinkerOptions {
  /** Where checkpoints are kept. */
  folder: string;
  /** The models that clients can begin with, by name; default: `memagent/tiny` of the published shape, untrained. */
  baseModels?: Readonly<Record<string, BaseModel>>;
  /** Default: a free one. */
  port?: number;
  /** Default `127.0.0.1`: this machine alone. */
  host?: string;
  apiKey?: string;
  /** Seconds that checkpoints are kept which do not say so themselves. Default: for good. */
  keepSeconds?: number | undefined;
  pollMs?: number;
}

export interface TinkerServer {
  /** What clients take as base URL. */
  url: string;
  close(): Promise<void>;
}

/** The name under which the tiny model is served. */
export const tinyBaseModel = 'memagent/tiny';

/** The tiny model as a base: untrained with a seed's weights, or from a checkpoint's folder. */
export async function loadTinyBase({
  folder,
  seed = 42,
}: {
  folder?: string;
  seed?: number;
}): Promise<BaseModel> {
  if (folder === undefined)
    return { config: defaultTinyConfig, weights: initialTensors(defaultTinyConfig, seed) };
  const config = await readTinyConfig(folder);
  return { config, weights: await readTinyWeights(folder, config) };
}

/** Listens; resolves when clients can call. */
export async function serveTinker({
  folder,
  baseModels,
  port = 0,
  host = '127.0.0.1',
  apiKey,
  keepSeconds,
  pollMs,
}: ServeTinkerOptions): Promise<TinkerServer> {
  const service = createTinkerService({
    folder,
    baseModels: baseModels ?? { [tinyBaseModel]: await loadTinyBase({}) },
    keepSeconds,
  });
  const app = createTinkerApp({
    service,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(pollMs === undefined ? {} : { pollMs }),
  });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: host }, (address: AddressInfo) =>
      resolve({
        url: `http://${host}:${address.port}`,
        close: async () => {
          if ('closeAllConnections' in server) server.closeAllConnections();
          await new Promise((done) => server.close(done));
          service.close();
        },
      }),
    );
    server.once('error', reject);
  });
}
