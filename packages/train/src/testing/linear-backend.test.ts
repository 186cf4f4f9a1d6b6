import { backendContract } from '../backend/backend.contract.ts';
import { createLinearBackend } from './linear-backend.ts';

backendContract('the linear backend', {
  create: async () => createLinearBackend({ features: 3, actions: 4, seed: 7 }),
  observations: [
    [1, 0, 0.5],
    [0, 1, -1],
    [1, 1, 2],
  ],
  maxActions: 5,
});
