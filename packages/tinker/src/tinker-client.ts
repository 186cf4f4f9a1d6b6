import type { Clock } from './clock.ts';
import type { TinkerEvent } from './events.ts';
import type { RetryPolicy } from './http/retry-policy.ts';
import type { CallOptions } from './model/model.ts';
import type { Checkpoints } from './service/checkpoints.ts';
import type { TrainingRuns } from './service/training-runs.ts';
import type { Session } from './session/session.ts';
import type { WireFormat } from './wire-format.ts';

/** How to reach a server. */
export interface TinkerClientOptions {
  /** Without `/api/v1`, as `http://localhost:8000`. */
  readonly baseUrl: string;
  /** Sent as `X-API-Key`; a function is asked for each request. */
  readonly apiKey?: string | (() => string | Promise<string>);
  readonly fetch?: typeof fetch;
  /** Default `auto`: protobuf, and JSON from the first pass on if the server does not read protobuf. */
  readonly wireFormat?: WireFormat | 'auto';
  /** Compress protobuf bodies with zstd; not given, as the server asks. */
  readonly compress?: boolean;
  readonly retry?: Partial<RetryPolicy>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: TinkerEvent) => void;
  readonly clock?: Clock;
  /** From 0 to 1; spreads retries. */
  readonly random?: () => number;
}

/** A model that the server has. */
export interface SupportedModel {
  readonly modelName: string | undefined;
  readonly maxContextLength: number | undefined;
  readonly trainable: boolean | undefined;
  readonly sampleable: boolean | undefined;
}

/** What a server can do. */
export interface Capabilities {
  readonly supportedModels: readonly SupportedModel[];
}

/** How a session introduces itself. */
export interface SessionOptions extends CallOptions {
  readonly tags?: readonly string[];
  readonly userMetadata?: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly projectId?: string;
}

/** A server of the Tinker API. */
export interface TinkerClient {
  /** Resolves when the server says that it is ready. */
  health(options?: CallOptions): Promise<void>;
  capabilities(options?: CallOptions): Promise<Capabilities>;
  openSession(options?: SessionOptions): Promise<Session>;
  readonly trainingRuns: TrainingRuns;
  readonly checkpoints: Checkpoints;
}
