import { systemClock } from './clock.ts';
import type { ClientContext } from './client-context.ts';
import { withKey, withToken } from './http/authorize.ts';
import { ask, type Connection } from './http/connection.ts';
import { readJson } from './http/read-answer.ts';
import { defaultRetryPolicy } from './http/retry-policy.ts';
import { createTransport } from './http/transport.ts';
import { createSendPass } from './model/send-pass.ts';
import { binaryType } from './protocol.ts';
import { capabilitiesForm } from './service/capabilities-json.ts';
import { createCheckpoints } from './service/create-checkpoints.ts';
import { createServerConfig } from './service/server-config.ts';
import { createTrainingRuns } from './service/create-training-runs.ts';
import { openSession } from './session/open-session.ts';
import type { TinkerClient, TinkerClientOptions } from './tinker-client.ts';

/**
 * A client of a server of the Tinker API: the hosted service, SkyRL, or one's own.
 *
 * @example
 * const tinker = createTinkerClient({ baseUrl: 'http://localhost:8000' });
 * await using session = await tinker.openSession();
 * const model = await session.createModel({ baseModel: 'Qwen/Qwen3-8B', lora: { rank: 32 } });
 * const pass = model.forwardBackward(data, { name: 'cross_entropy' });
 * const step = model.optimStep({ learningRate: 1e-4 });
 * console.log((await pass).metrics, (await step).metrics);
 */
export function createTinkerClient(options: TinkerClientOptions): TinkerClient {
  const { wireFormat = 'auto' } = options;
  const transport = createTransport(options.baseUrl, {
    fetch: options.fetch ?? fetch,
    headers: options.headers ?? {},
  });
  const keyed: Connection = {
    send: withKey(transport, options.apiKey),
    retry: { ...defaultRetryPolicy, ...options.retry },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    emit: options.onEvent ?? (() => undefined),
  };
  const serverConfig = createServerConfig(keyed);
  const connection: Connection = { ...keyed, send: withToken(keyed, serverConfig) };
  const context: ClientContext = {
    connection,
    serverConfig,
    sendPass: createSendPass(connection, wireFormat),
    compress: options.compress,
    accept: wireFormat === 'json' ? 'application/json' : `${binaryType}, application/json;q=0.5`,
    checkpoints: createCheckpoints(connection),
  };
  return {
    async health({ signal } = {}) {
      await ask(keyed, { operation: 'healthz', method: 'GET', path: '/api/v1/healthz', signal });
    },
    async capabilities({ signal } = {}) {
      const path = '/api/v1/get_server_capabilities';
      const answer = await ask(connection, {
        operation: 'get_server_capabilities',
        method: 'GET',
        path,
        signal,
      });
      return readJson('get_server_capabilities', answer, capabilitiesForm);
    },
    openSession: async (sessionOptions) => openSession(context, sessionOptions),
    trainingRuns: createTrainingRuns(connection),
    checkpoints: context.checkpoints,
  };
}
