import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTinkerClient, type WireFormat } from '@memagent/tinker';
import { afterAll, beforeAll } from 'vitest';
import { backendContract } from '../backend/backend.contract.ts';
import { contentsOf } from '../backend/contract-kit.contract.ts';
import { leastTinyConfig } from '../tiny/sample-config.ts';
import { initialTensors } from '../tiny/tensors.ts';
import { readSavedState } from './saved-state.ts';
import { serveTinker, type TinkerServer } from './server/serve-tinker.ts';
import { createTinkerBackend } from './tinker-backend.ts';

const baseModel = 'memagent/least';
let folder: string;
let server: TinkerServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-tinker-'));
  const weights = initialTensors(leastTinyConfig, 3);
  server = await serveTinker({ folder, baseModels: { [baseModel]: { config: leastTinyConfig, weights } } });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const connect = (wireFormat: WireFormat = 'protobuf') =>
  createTinkerBackend({
    client: createTinkerClient({ baseUrl: server.url, apiKey: 'tml-test', wireFormat }),
    baseModel,
    lora: 'full',
  });

backendContract('tinker', {
  create: () => connect(),
  observations: [
    [4, 5, 6, 7, 8],
    [9, 4, 12, 4, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8],
    [5],
    [6, 6, 6, 7],
  ],
  maxActions: 6,
  hasWeights: false,
  temperatures: [1],
  /** The weights lie on the server. */
  contentsOf: async (saved) => {
    const { statePath } = await readSavedState(saved);
    return contentsOf(join(folder, ...statePath.replace('tinker://', '').split('/')));
  },
});
