import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import { ask, type Connection } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { readJson } from '../http/read-answer.ts';
import { protocolVersion } from '../protocol.ts';

const megabyte = 1_000_000;

/** What a server asks of its clients; servers that do not know the question get the defaults. */
const serverConfigForm = z
  .object({
    pjwt_auth_enabled: z.boolean().default(false),
    proto_compress_fwdbwd: z.boolean().default(false),
    fwdbwd_max_chunk_len: z.number().int().positive().default(1024),
    fwdbwd_max_chunk_bytes_count: z
      .number()
      .int()
      .positive()
      .default(5 * megabyte),
  })
  .transform((config) => ({
    /** Keys are exchanged for tokens of limited life. */
    tokenAuth: config.pjwt_auth_enabled,
    /** Bodies of passes are to be compressed. */
    compressPasses: config.proto_compress_fwdbwd,
    /** The most datums of one request. */
    chunkDatums: config.fwdbwd_max_chunk_len,
    /** The most bytes of one request, before compression. */
    chunkBytes: config.fwdbwd_max_chunk_bytes_count,
  }));

/** What a server asks of its clients. */
export type ServerConfig = z.output<typeof serverConfigForm>;

/** Asks the server, the first time it is needed. */
export function createServerConfig(connection: Connection): (signal?: AbortSignal) => Promise<ServerConfig> {
  let known: ServerConfig | undefined;
  return async (signal) => (known ??= await fetchConfig(connection, signal));
}

async function fetchConfig(connection: Connection, signal: AbortSignal | undefined): Promise<ServerConfig> {
  const request = {
    ...postJson('client_config', { sdk_version: protocolVersion }, { signal }),
    path: '/api/v1/client/config',
  };
  try {
    return readJson('client_config', await ask(connection, request), serverConfigForm);
  } catch (error) {
    if (error instanceof TinkerError && error.status === 404) return serverConfigForm.parse({});
    throw error;
  }
}
