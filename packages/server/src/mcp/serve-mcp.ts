/** MCP over streamable HTTP, at `/mcp`. */
import { serve } from '@hono/node-server';
import { MemagentError, messageOf } from '@memagent/core';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describeError } from '../http/server-error.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { requireApiKey } from '../security/api-keys.ts';
import { isLoopback, requireSafeAddress } from '../security/require-safe-address.ts';
import type { McpService } from './create-mcp-service.ts';

export interface ServeMcpOptions {
  /** Default: a free one. */
  port?: number;
  /** Default `127.0.0.1`: this machine alone. Another address needs a key. */
  host?: string;
  /** One of these is what clients must send as a bearer token. Default: nothing. */
  apiKeys?: readonly string[];
  /** Names by which clients may call this server. Default: those of this machine, and any where a key is needed. */
  hostnames?: readonly string[];
  /** Host names of web pages that may call it. Default: those of this machine. */
  origins?: readonly string[];
}

export interface McpHttpServer {
  /** What clients take as the server's URL. */
  url: string;
  /** Ends all connections. The service stays the caller's to close, before this. */
  close(): Promise<void>;
}

/** A document that is sent as text comes in one message. */
export const largestMessageBytes = 64 * 1024 ** 2;

const path = '/mcp';

/** Listens; resolves when clients can call. Throws `invalid-option` for an address that is not safe without a key. */
export async function serveMcp(
  service: McpService,
  {
    port = 0,
    host = '127.0.0.1',
    apiKeys = [],
    hostnames,
    origins = localhostAllowedOrigins(),
  }: ServeMcpOptions = {},
): Promise<McpHttpServer> {
  requireSafeAddress(host, apiKeys);
  const names = hostnames ?? (isLoopback(host) ? localhostAllowedHostnames() : undefined);
  const handler = createMcpHandler(() => service.createServer(), { maxRequestBodySize: largestMessageBytes });

  const app = new Hono<ServerEnv>();
  app.onError((error, context) => {
    const { status, body } = describeError(error);
    return context.json(body, status);
  });
  app.use(({ req: { raw } }, next) => {
    const refused =
      (names && hostHeaderValidationResponse(raw, [...names])) ?? originValidationResponse(raw, [...origins]);
    return refused ? Promise.resolve(refused) : next();
  });
  app.use(requireApiKey(apiKeys));
  app.all(path, ({ req }) => handler.fetch(req.raw));

  const server = serve({ fetch: app.fetch, port, hostname: host });
  try {
    if (!server.listening) await once(server, 'listening');
  } catch (error) {
    throw new MemagentError(
      `Cannot listen on ${host}, port ${port}: ${messageOf(error)}. Choose another port.`,
      {
        code: 'invalid-option',
        data: { option: 'port' },
        cause: error,
      },
    );
  }
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}${path}`,
    async close() {
      await handler.close();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}
