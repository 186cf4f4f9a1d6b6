/** What every training backend must do. Each implementation's test calls `backendContract` with its fixture. */
import { afterAll, afterEach, describe } from 'vitest';
import type { TrainingBackend } from './backend.ts';
import { createContractKit } from './contract-kit.contract.ts';
import { gradientsContract } from './gradients.contract.ts';
import { optimiserContract } from './optimiser.contract.ts';
import { samplingContract } from './sampling.contract.ts';
import { savingContract } from './saving.contract.ts';

export interface BackendFixture<Observation> {
  /** A new engine; every one begins with the same weights. */
  create(): Promise<TrainingBackend<Observation>>;
  /** Three or more that differ, of different sizes where sizes can differ. */
  observations: readonly Observation[];
  /** Bound on a conversation's actions; a few conversations should end before it. */
  maxActions: number;
  /** Largest difference of two log-probabilities that should be equal. Default 1e-4, for 32-bit arithmetic. */
  tolerance?: number;
  /** Largest relative difference of a gradient's component from the finite difference. Default 0.03. */
  gradientTolerance?: number;
  /**
   * Whether `save` writes all weights to `model.safetensors` and `load` takes changed ones: then gradients are held
   * against finite differences and the optimiser's step against AdamW. Default true.
   */
  hasWeights?: boolean;
  /** Temperatures that losses can be of. Default 1 and 0.7. */
  temperatures?: readonly number[];
  /** The bytes of a saved state by name. Default: of the folder that was saved to. */
  contentsOf?: (folder: string) => Promise<Record<string, string>>;
}

/** Declares the suite. */
export function backendContract<Observation>(name: string, fixture: BackendFixture<Observation>): void {
  const kit = createContractKit(fixture);
  describe(`${name} as a training backend`, () => {
    afterEach(() => kit.closeBackends());
    afterAll(() => kit.removeFolders());
    samplingContract(fixture, kit);
    gradientsContract(fixture, kit);
    optimiserContract(fixture, kit);
    savingContract(fixture, kit);
  });
}
