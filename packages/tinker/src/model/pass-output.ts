import type { Tensor } from '../data/tensor.ts';

/** The result of a forward or forward-and-backward pass. */
export interface PassOutput {
  /** The class of records that the server computed, as `TorchLossReturn`. */
  readonly outputType: string;
  /** For each datum the arrays that the loss gives, as `logprobs`. */
  readonly outputs: readonly Readonly<Record<string, Tensor>>[];
  /** Numbers of the whole batch, as `loss:sum`. */
  readonly metrics: Readonly<Record<string, number>>;
}
