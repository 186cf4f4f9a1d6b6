import { jit, type numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { Loss } from '../backend/backend.ts';
import { embed, forward, type Weights } from './forward.ts';
import { type LossInputs, lossSums } from './loss.ts';
import type { TinyConfig } from './tiny-config.ts';

/**
 * The gradient of a loss, added to `sum`. The embeddings of the prompt are differentiated as an input of their
 * own (`embedded`) and added by the caller: jax-js 0.1.25 cannot compile the derivative of a look-up, and takes
 * ten times as long for that of the equivalent product inside the same graph.
 */
export function compileGradient(config: TinyConfig, kind: Loss['kind']) {
  const lossOf = (
    weights: Weights,
    embedded: np.Array,
    start: np.Array,
    inputs: LossInputs,
  ): [np.Array, np.Array] => {
    const queries = inputs.actions.shape[1] ?? 0;
    const { logits, caches } = forward(config, weights, embedded, start, queries);
    tree.dispose(weights);
    tree.dispose(caches);
    return lossSums(kind, logits, inputs);
  };
  const differentiate = valueAndGrad(lossOf, { argnums: [0, 1], hasAux: true });
  return jit((sum: Weights, weights: Weights, tokens: np.Array, start: np.Array, inputs: LossInputs) => {
    const embedded = embed(weights, tokens);
    const [[loss, sums], [change, inside]] = differentiate(weights, embedded, start, inputs) as unknown as [
      [np.Array, np.Array],
      [Weights, np.Array],
    ];
    return {
      sum: tree.map((a: np.Array, b: np.Array) => a.add(b), sum, change) as Weights,
      embedded: inside,
      loss,
      sums,
    };
  });
}
