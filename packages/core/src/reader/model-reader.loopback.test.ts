/** The model reader runs the readers' contract over a real server that follows the prompts. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { afterAll } from 'vitest';
import { createLimits } from '../model/limits.ts';
import { defaultRetryPolicy } from '../model/retry-policy.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import { startLoopbackServer } from '../testing/loopback-server.ts';
import { createModelReader } from './model-reader.ts';
import { readerContract } from './reader.contract.ts';

const server = await startLoopbackServer();
afterAll(() => server.close());

readerContract('model', () =>
  createModelReader({
    model: createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl }).chatModel('loopback'),
    template: defaultTemplate,
    limits: createLimits(),
    retry: defaultRetryPolicy,
    sampling: {},
  }),
);
