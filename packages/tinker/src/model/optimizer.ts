/** A step of AdamW with decoupled weight decay. What is not given is the protocol's default. */
export interface AdamParams {
  /** Default 1e-4. */
  readonly learningRate?: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.95. */
  readonly beta2?: number;
  /** Default 1e-12. */
  readonly eps?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** The largest global norm of the gradient; 0, the default, for no clipping. */
  readonly gradClipNorm?: number;
}

/** What a step of the optimizer tells of itself, as far as the server measures it. */
export interface OptimStepOutput {
  readonly metrics: Readonly<Record<string, number>>;
}
