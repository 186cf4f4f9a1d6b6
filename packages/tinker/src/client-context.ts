import type { Connection } from './http/connection.ts';
import type { SendPass } from './model/send-pass.ts';
import type { Checkpoints } from './service/checkpoints.ts';
import type { ServerConfig } from './service/server-config.ts';

/** What the sessions of one client share. */
export interface ClientContext {
  readonly connection: Connection;
  readonly sendPass: SendPass;
  readonly serverConfig: (signal?: AbortSignal) => Promise<ServerConfig>;
  /** Whether bodies are compressed; not given, as the server asks. */
  readonly compress: boolean | undefined;
  /** The formats of results to ask for. */
  readonly accept: string;
  readonly checkpoints: Checkpoints;
}
