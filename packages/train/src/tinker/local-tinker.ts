/** The server in this process, without a port: a client whose requests are function calls. For tests and trials. */
import { createTinkerClient, type TinkerClient, type TinkerClientOptions } from '@memagent/tinker';
import { createTinkerApp } from './server/create-tinker-app.ts';
import { createTinkerService, type TinkerServiceOptions } from './server/tinker-service.ts';

export interface LocalTinker {
  /** A client, as one of a server elsewhere; `fetch` of the options sees every request before the server does. */
  connect(options?: Partial<TinkerClientOptions>): TinkerClient;
  fetch: typeof fetch;
  close(): void;
}

/** Opens one over the embedded engine. */
export function openLocalTinker(options: TinkerServiceOptions): LocalTinker {
  const service = createTinkerService(options);
  const app = createTinkerApp({ service });
  const localFetch: typeof fetch = async (input, init) => app.fetch(new Request(input, init));
  return {
    fetch: localFetch,
    connect: (more = {}) =>
      createTinkerClient({ baseUrl: 'http://tinker.local', apiKey: 'tml-local', fetch: localFetch, ...more }),
    close: () => service.close(),
  };
}
