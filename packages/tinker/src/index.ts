/** @packageDocumentation A client of the Tinker API. Start at `createTinkerClient`. */
export { createTinkerClient } from './create-tinker-client.ts';
export type {
  Capabilities,
  SessionOptions,
  SupportedModel,
  TinkerClient,
  TinkerClientOptions,
} from './tinker-client.ts';
export type { WireFormat } from './wire-format.ts';
export { TinkerError, type TinkerErrorCode, type TinkerErrorOptions } from './errors.ts';
export type { QueueState, TinkerEvent } from './events.ts';
export { systemClock, type Clock } from './clock.ts';
export { defaultRetryPolicy, type RetryPolicy } from './http/retry-policy.ts';

export { floats, integers, type SparseRows, type Tensor, type TensorType } from './data/tensor.ts';
export { tokens, type ImageChunk, type ModelInput, type TextChunk } from './data/model-input.ts';
export { policyDatum, weightedDatum, type Datum, type LossInputs } from './data/datum.ts';

export type { LoraConfig, ModelOptions, Session } from './session/session.ts';
export type { CallOptions, Model, ModelInfo, SaveOptions } from './model/model.ts';
export type { ClipThresholds, Loss } from './model/loss.ts';
export { checkClipThresholds, type ClipCheck } from './model/check-clip-thresholds.ts';
export type { AdamParams, OptimStepOutput } from './model/optimizer.ts';
export type { PassOutput } from './model/pass-output.ts';
export type { SampledSequence, SampleOutput, SampleRequest, Sampler, TopTokens } from './sampling/sampler.ts';

export type { Checkpoint, CheckpointType } from './service/checkpoint.ts';
export type { Checkpoints, WeightsInfo } from './service/checkpoints.ts';
export { parseCheckpointPath, type CheckpointPath } from './service/checkpoint-path.ts';
export type { Page, PageOptions } from './service/page.ts';
export type { TrainingRun, TrainingRuns } from './service/training-runs.ts';
