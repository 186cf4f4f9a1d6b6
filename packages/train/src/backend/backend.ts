import type { TokenCount } from './token-count.ts';

/**
 * What a policy's engine does for the algorithm: sample, score, accumulate gradients, step, keep. The embedded
 * engines (jax-js) and remote ones implement it, and all run `backend.contract.ts`. The algorithm never looks
 * inside an observation.
 */
export interface TrainingBackend<Observation> {
  /** Stable name: `evidence`, `tiny`, `tinker`. */
  readonly name: string;
  /** Actions for one observation. Calls that wait at the same time are sampled as one batch; what is drawn depends on `seed` and the weights alone, never on what else is in the batch. */
  sample(request: SampleRequest<Observation>): Promise<SampledActions>;
  /**
   * The weights as they are now, to be sampled from while training goes on: steps that are made later do not change
   * what they draw. Absent where sampling and training take turns.
   */
  snapshot?(): ActionSampler<Observation>;
  /** Log-probability of each action, by datum. */
  logprobs(data: readonly TakenActions<Observation>[]): Promise<readonly (readonly number[])[]>;
  /** Adds the gradient of the loss, summed over the data, to the accumulated gradient. Any number of calls, in any split, accumulates the same gradient. */
  forwardBackward(data: readonly Datum<Observation>[], loss: Loss): Promise<ForwardBackward>;
  /** One step of AdamW with the accumulated gradient, which is then cleared. Its moments belong to one kind of loss: the first gradient of another kind begins anew with them, for the two differ by orders of magnitude (engines elsewhere may go on with theirs). Rejects with `not-finite` before it changes a weight when the gradient is not finite. */
  optimStep(step: AdamStep): Promise<OptimStep>;
  /**
   * A mean of the weights at several moments, kept beside them, saved and loaded with them. Absent in engines that
   * have no way to it.
   */
  readonly mean?: {
    /** Takes the present weights into it. */
    add(): Promise<void>;
    /** Makes it the weights, and forgets it. Does nothing where nothing was added. */
    take(): Promise<void>;
  };
  /** Writes weights, optimiser state and random state into a folder that exists and is empty. */
  save(folder: string): Promise<void>;
  /** Takes all of it back. Rejects with `bad-checkpoint` and changes nothing when the folder does not hold it. */
  load(folder: string): Promise<void>;
  /** What it was given and gave since it was made, where an engine elsewhere bills it. */
  usage?(): TokenCount;
  /** The checkpoint in a folder is about to be removed: what it stands for elsewhere may go as well. */
  discard?(folder: string): Promise<void>;
  /** Frees what the engine holds. */
  close(): Promise<void>;
}

/** What can be sampled from. */
export type ActionSampler<Observation> = Pick<TrainingBackend<Observation>, 'sample'>;

export interface SampleRequest<Observation> {
  observation: Observation;
  /** Most actions, the end action included. */
  maxActions: number;
  /** 0 takes the most likely action. */
  temperature: number;
  /** Sample among the most likely actions whose probabilities add up to this; 1 for all. Log-probabilities are of the untruncated policy at the temperature. */
  topP: number;
  /** Names the draw: a 32-bit integer. */
  seed: number;
  signal?: AbortSignal;
}

export interface SampledActions {
  actions: readonly number[];
  logprobs: readonly number[];
  /** Mean entropy of the policy over the actions, in nats. */
  entropy: number;
  /** `end`: the policy ended by itself; `length`: `maxActions` ran out. */
  finish: 'end' | 'length';
}

export interface TakenActions<Observation> {
  observation: Observation;
  actions: readonly number[];
  /** Temperature that the actions were sampled at; their probabilities are of the policy at it. Default 1. */
  temperature?: number;
}

/** One conversation as the loss sees it. */
export interface Datum<Observation> extends TakenActions<Observation> {
  /** Log-probabilities at sampling (pi_old), one per action. */
  logprobs: readonly number[];
  /** Log-probabilities under the frozen reference, where the loss has a KL term. */
  referenceLogprobs?: readonly number[];
  /** A_i, the same for every action of a rollout (or 1 for `cross-entropy`). */
  advantage: number;
  /** What each action counts for: 1/N under token-mean. Already divided by everything; the loss is a sum. */
  scale: number;
}

export type Loss =
  | {
      /** The clipped surrogate: -scale * min(r A, clip(r, 1 - clipLow, 1 + clipHigh) A) + scale * klWeight * k3. */
      kind: 'clipped-surrogate';
      clipLow: number;
      clipHigh: number;
      klWeight: number;
    }
  | {
      /** -scale * advantage * log pi: supervised warm-up. */
      kind: 'cross-entropy';
    };

/** Sums over the data's actions, so that calls can be added up. */
export interface ForwardBackward {
  loss: number;
  actions: number;
  /** Actions whose ratio is outside of the clip range on the side where the clip takes the gradient away. */
  clipped: number;
  /** Sum of the k3 estimate against the reference; 0 without one. */
  kl: number;
  /** Sum of the k3 estimate of pi_old against the present policy: how far the data is from the weights. 0 under `cross-entropy`. */
  drift: number;
  /** Sum of the policy's entropies; NaN where the engine does not tell. */
  entropy: number;
}

/** AdamW (Loshchilov & Hutter 2019); the gradient's global norm is first clipped to `clipNorm`. */
export interface AdamStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  clipNorm: number;
}

export interface OptimStep {
  /** Global norm of the gradient before clipping; NaN where the engine does not tell. */
  gradientNorm: number;
}
