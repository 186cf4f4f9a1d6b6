import { vi } from 'vitest';
import { backendContract } from '../backend/backend.contract.ts';
import { leastTinyConfig } from './sample-config.ts';
import { createTinyBackend } from './tiny-backend.ts';

// Each test compiles its own functions, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

backendContract('tiny', {
  create: async () => createTinyBackend({ config: leastTinyConfig, seed: 3 }),
  observations: [
    [4, 5, 6, 7, 8],
    [9, 4, 12, 4, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8],
    [5],
    [6, 6, 6, 7],
  ],
  maxActions: 6,
});
