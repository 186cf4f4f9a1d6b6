/** Listens, on this machine alone unless there is a key. */
import { serve } from '@hono/node-server';
import { MemagentError } from '@memagent/core';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { isLoopback, requireSafeAddress } from '../security/require-safe-address.ts';
import { createServerApp, type ServerApp } from './create-server-app.ts';
import type { ServerOptions } from './server-options.ts';

export interface StartOptions extends ServerOptions {
  /** Default: a free one. */
  port?: number;
  /** Address to listen on. Default `127.0.0.1`: this machine alone. */
  host?: string;
}

export interface RunningServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** How many runs of the last process go on. */
  readonly resumed: number;
  readonly app: ServerApp['app'];
  /** Ends all connections; runs at work are left to the next process. */
  close(): Promise<void>;
}

/**
 * Starts the server; resolves when clients can call. Throws `invalid-option` for an address that others can reach
 * without an API key, and for one that is taken.
 */
export async function startServer({
  port = 0,
  host = '127.0.0.1',
  ...options
}: StartOptions): Promise<RunningServer> {
  requireSafeAddress(host, options.apiKeys ?? []);
  // Who has the key may call the server by any name; without one, only the names of this machine are safe.
  const allowedHosts = options.allowedHosts ?? (isLoopback(host) ? [] : ['*']);
  const server = createServerApp({ ...options, allowedHosts });
  const listener = serve({ fetch: server.app.fetch, hostname: host, port }) as Server;
  // An upload takes as long as it takes; headers do not.
  listener.requestTimeout = 0;
  // Longer than proxies keep theirs, so that none sends on a connection that is being closed.
  listener.keepAliveTimeout = 75_000;
  try {
    if (!listener.listening) await once(listener, 'listening');
  } catch (error) {
    await server.close();
    throw new MemagentError(`Cannot listen on ${host} port ${port}: ${String(error)}. Choose another port.`, {
      code: 'invalid-option',
      data: { option: 'port' },
      cause: error,
    });
  }
  const { resumed } = await server.start();
  const address = listener.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!listener.listening) return;
    listener.close();
    listener.closeAllConnections();
    await once(listener, 'close');
    await server.close();
  };
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`,
    resumed,
    app: server.app,
    close,
    [Symbol.asyncDispose]: close,
  };
}
