import type { ClientContext } from '../client-context.ts';
import type { ServerConfig } from '../service/server-config.ts';

/** What the models and samplers of one session share. */
export interface SessionContext extends Omit<ClientContext, 'serverConfig'> {
  readonly config: ServerConfig;
  readonly compress: boolean;
  /** Aborts when the session ends. */
  readonly ended: AbortSignal;
  /** The next number of a sampler of this session. */
  readonly nextSamplerSeqId: () => number;
}

/** A call ends when its caller gives it up and when its session ends. */
export const callSignal = ({ ended }: SessionContext, signal: AbortSignal | undefined): AbortSignal =>
  signal ? AbortSignal.any([signal, ended]) : ended;
