import { jit, numpy as np } from '@jax-js/jax';
import type { Weights } from './forward.ts';

/** The step of AdamW on all weights, compiled: takes weights, gradient and moments, and gives new ones back. */
export function compileAdam() {
  return jit(adamStep);
}

/** `settings`: factor, learning rate, beta1, beta2, epsilon, weight decay, and the two bias corrections. */
function adamStep(
  weights: Weights,
  gradient: Weights,
  first: Weights,
  second: Weights,
  settings: np.Array,
): Record<'weights' | 'first' | 'second', Weights> {
  const setting = (index: number): np.Array => settings.ref.slice([index, index + 1]).reshape([]);
  const next: Record<'weights' | 'first' | 'second', Weights> = { weights: {}, first: {}, second: {} };
  for (const [name, weight] of Object.entries(weights)) {
    const change = (gradient[name] as np.Array).mul(setting(0));
    const mean = (first[name] as np.Array).mul(setting(2)).add(change.ref.mul(np.subtract(1, setting(2))));
    const square = (second[name] as np.Array)
      .mul(setting(3))
      .add(np.square(change).mul(np.subtract(1, setting(3))));
    const direction = mean.ref.div(setting(6)).div(np.sqrt(square.ref.div(setting(7))).add(setting(4)));
    const decay = weight.ref.mul(setting(5));
    next.weights[name] = weight.sub(direction.add(decay).mul(setting(1)));
    next.first[name] = mean;
    next.second[name] = square;
  }
  settings.dispose();
  return next;
}
