/** MCP over standard input and output, as hosts start servers that run on the same machine. */
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { McpService } from './create-mcp-service.ts';
import { largestMessageBytes } from './serve-mcp.ts';

export interface ServeMcpStdioOptions {
  stdin: Readable;
  /** Nothing else may be written to it. */
  stdout: Writable;
  /** Ends the connection. */
  signal?: AbortSignal;
}

/** Serves one connection until its input ends or the signal aborts. */
export async function serveMcpStdio(
  service: McpService,
  { stdin, stdout, signal }: ServeMcpStdioOptions,
): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const event of ['end', 'close']) stdin.once(event, end);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true || stdin.destroyed) end();
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: largestMessageBytes });
  const connection = serveStdio(() => service.createServer(), { transport });
  try {
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
  } finally {
    for (const event of ['end', 'close']) stdin.off(event, end);
    signal?.removeEventListener('abort', end);
    await connection.close();
  }
}
