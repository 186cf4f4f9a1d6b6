import type { ModelInput } from '../data/model-input.ts';
import type { CallOptions } from '../model/model.ts';

/** What to sample. */
export interface SampleRequest {
  readonly prompt: ModelInput;
  /** How many sequences; default 1. */
  readonly samples?: number;
  /** The most tokens of a sequence. */
  readonly maxTokens: number;
  /** Default 1. */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  /** Token ids or texts that end a sequence; not given, the model's own. An empty list is none at all. */
  readonly stop?: readonly number[] | readonly string[];
  /** Also give the log-probability of each token of the prompt. */
  readonly promptLogprobs?: boolean;
  /** Also give the k most likely tokens at each place of the prompt. */
  readonly topPromptLogprobs?: number;
  /** Also give the k most likely tokens at each sampled place. */
  readonly topLogprobs?: number;
}

/** The most likely tokens at one place. */
export type TopTokens = readonly { readonly token: number; readonly logprob: number }[];

/** One sampled sequence, without the prompt. */
export interface SampledSequence {
  readonly tokens: Int32Array;
  /** The log-probability with which each token was sampled. */
  readonly logprobs: Float32Array | undefined;
  readonly stopReason: 'stop' | 'length';
  readonly topLogprobs: readonly (TopTokens | undefined)[] | undefined;
  /** The server's name for the sequence, where it gives one. */
  readonly sequenceId: string | undefined;
}

/** The result of a sampling request. */
export interface SampleOutput {
  readonly sequences: readonly SampledSequence[];
  /** NaN where there is none, as at the first token. */
  readonly promptLogprobs: Float32Array | undefined;
  readonly topPromptLogprobs: readonly (TopTokens | undefined)[] | undefined;
  /** How many tokens of the prompt the server had in its cache. */
  readonly promptCacheHitTokens: number;
}

/** Samples from fixed weights. Any number of calls may be in flight; they have no order. */
export interface Sampler {
  readonly samplingSessionId: string;
  sample(request: SampleRequest, options?: CallOptions): Promise<SampleOutput>;
}
