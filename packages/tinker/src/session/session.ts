import type { CallOptions, Model } from '../model/model.ts';
import type { Sampler } from '../sampling/sampler.ts';

/** Low-rank adapters; what is not given is the protocol's default (all layers). */
export interface LoraConfig {
  readonly rank: number;
  readonly seed?: number;
  readonly trainUnembed?: boolean;
  readonly trainMlp?: boolean;
  readonly trainAttn?: boolean;
}

/** What to make a model of. */
export interface ModelOptions extends CallOptions {
  /** As `Qwen/Qwen3-8B`; `tinker.capabilities()` lists them. */
  readonly baseModel: string;
  /** Adapters to train, or `full` for all weights. SkyRL takes `{ rank: 0 }` for all weights. */
  readonly lora: LoraConfig | 'full';
  readonly userMetadata?: Readonly<Record<string, string>>;
}

/** A connection to the server under which models live; kept alive by heartbeats until it is closed. */
export interface Session extends AsyncDisposable {
  readonly sessionId: string;
  createModel(options: ModelOptions): Promise<Model>;
  /** A new model with saved weights, and with `optimizer` the saved state of the optimizer. */
  createModelFrom(
    path: string,
    options?: CallOptions & {
      readonly optimizer?: boolean;
      readonly userMetadata?: Readonly<Record<string, string>>;
    },
  ): Promise<Model>;
  /** Samples from saved weights or from a base model. */
  createSampler(
    source: ({ readonly modelPath: string } | { readonly baseModel: string }) & CallOptions,
  ): Promise<Sampler>;
  /** Ends heartbeats and, where the server can, the session. Calls that are under way fail. */
  close(status?: 'success' | 'errored' | 'interrupted', detail?: string): Promise<void>;
}
