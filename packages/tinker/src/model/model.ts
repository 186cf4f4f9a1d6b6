import type { Datum } from '../data/datum.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { Loss } from './loss.ts';
import type { AdamParams, OptimStepOutput } from './optimizer.ts';
import type { PassOutput } from './pass-output.ts';

/** Options of every call: abort rejects it at once. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Options of saving weights. */
export interface SaveOptions extends CallOptions {
  /** After this many seconds the server deletes the checkpoint; never, if not given. */
  readonly ttlSeconds?: number;
  readonly userMetadata?: Readonly<Record<string, string>>;
}

/** What the server says of a model. */
export interface ModelInfo {
  readonly modelId: string;
  readonly modelName: string | undefined;
  readonly tokenizerId: string | undefined;
  readonly isLora: boolean | undefined;
  readonly loraRank: number | undefined;
}

/**
 * A model in training on the server.
 *
 * Calls are sent in the order in which they are made and each as soon as the one before was accepted, so the
 * next one is under way while the server still computes the last: make them, then await them. A call whose
 * predecessor was not accepted is not sent (`earlier-request-failed`). Data must not change until the call
 * has settled.
 */
export interface Model {
  readonly modelId: string;
  /** Runs the model and computes the loss; changes nothing. */
  forward(data: readonly Datum[], loss: Loss, options?: CallOptions): Promise<PassOutput>;
  /** Runs the model and adds the gradient of the loss to what it has gathered since the last step. */
  forwardBackward(data: readonly Datum[], loss: Loss, options?: CallOptions): Promise<PassOutput>;
  /** Changes the weights by the gathered gradient and forgets it. */
  optimStep(params?: AdamParams, options?: CallOptions): Promise<OptimStepOutput>;
  /** Saves weights and optimizer state; returns their `tinker://` path. */
  saveWeights(name: string, options?: SaveOptions & { readonly overwrite?: boolean }): Promise<string>;
  /** Replaces the weights by saved ones. Many servers allow it only as the first call of a model. */
  loadWeights(path: string, options?: CallOptions & { readonly optimizer?: boolean }): Promise<void>;
  /** Saves weights for sampling; returns their `tinker://` path. */
  saveWeightsForSampler(name: string, options?: SaveOptions): Promise<string>;
  /** Saves the weights as they are at this place in the order of calls and samples from them. */
  createSampler(options?: SaveOptions): Promise<Sampler>;
  info(options?: CallOptions): Promise<ModelInfo>;
  /** Frees what the server holds for the model. */
  unload(options?: CallOptions): Promise<void>;
}
