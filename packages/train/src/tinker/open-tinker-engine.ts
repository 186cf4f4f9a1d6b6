/** An engine of the Tinker API for a training run: the policy's backend, and one for the reference of the KL term. */
import { createTinkerClient, type TinkerClientOptions } from '@memagent/tinker';
import type { RemoteEngine } from '../presets/preset.ts';
import type { TrainingBackend } from '../backend/backend.ts';
import { createTinkerBackend, type TinkerBackendOptions } from './tinker-backend.ts';
import { noTokens } from '../backend/token-count.ts';
import type { TokenObservation } from './token-data.ts';

export interface TinkerEngineOptions extends Omit<TinkerBackendOptions, 'client'> {
  /** How to reach the server. */
  connection: TinkerClientOptions;
}

/** Connects; rejects with `engine-lost` where nobody answers. */
export async function openTinkerEngine({
  connection,
  ...options
}: TinkerEngineOptions): Promise<RemoteEngine> {
  const connect = () =>
    createTinkerBackend({
      ...options,
      client: createTinkerClient(connection),
      baseUrl: connection.baseUrl,
    });
  const backend = await connect();
  // A model of its own on the engine, so made only where the loss asks for it.
  let frozen: ReturnType<typeof connect> | undefined;
  let referenceUsage = noTokens;
  const opened = () => {
    frozen ??= connect().then((one) => {
      referenceUsage = one.usage;
      return one;
    });
    return frozen;
  };
  const reference: TrainingBackend<TokenObservation> = {
    name: backend.name,
    sample: async (request) => (await opened()).sample(request),
    logprobs: async (data) => (await opened()).logprobs(data),
    forwardBackward: async (data, loss) => (await opened()).forwardBackward(data, loss),
    optimStep: async (step) => (await opened()).optimStep(step),
    save: async (folder) => (await opened()).save(folder),
    load: async (folder) => (await opened()).load(folder),
    usage: () => referenceUsage(),
    close: async () => (await frozen)?.close(),
  };
  return {
    backend,
    reference,
    async close() {
      await reference.close();
      await backend.close();
    },
  };
}
