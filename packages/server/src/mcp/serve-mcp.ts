/** MCP over streamable HTTP, at `/mcp`. */
import { serve } from '@hono/node-server';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isLoopback, requireSafeAddress } from '../security/require-safe-address.ts';
import { isSameKey } from '../security/same-key.ts';
import type { McpService } from './create-mcp-service.ts';

export interface ServeMcpOptions {
  /** Default: a free one. */
  port?: number;
  /** Default `127.0.0.1`: this machine alone. Another address needs a key. */
  host?: string;
  /** What clients must send as a bearer token. Default: nothing. */
  apiKey?: string;
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
  { port = 0, host = '127.0.0.1', apiKey, hostnames, origins }: ServeMcpOptions = {},
): Promise<McpHttpServer> {
  requireSafeAddress(host, apiKey);
  const names = hostnames ?? (isLoopback(host) ? localhostAllowedHostnames() : undefined);
  const allowedOrigins = [...(origins ?? localhostAllowedOrigins())];
  const handler = createMcpHandler(() => service.createServer(), { maxRequestBodySize: largestMessageBytes });

  function refuse(request: Request): Response | undefined {
    if (new URL(request.url).pathname !== path) return new Response('Not found', { status: 404 });
    const refused =
      (names && hostHeaderValidationResponse(request, [...names])) ??
      originValidationResponse(request, allowedOrigins);
    if (refused || apiKey === undefined) return refused;
    const given = request.headers.get('authorization')?.replace(/^Bearer /i, '');
    if (isSameKey(given, apiKey)) return undefined;
    return new Response('The API key is missing or wrong.', {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  }

  const server = serve({
    fetch: async (request: Request) => refuse(request) ?? handler.fetch(request),
    port,
    hostname: host,
  });
  if (!server.listening) await once(server, 'listening');
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
