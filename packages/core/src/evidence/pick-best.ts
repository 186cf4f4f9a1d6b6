import type { NetworkRun } from './evidence-network.ts';

/** The most likely pick each time, until stopping is likelier or nothing fits. */
export function pickBest({ state, logits }: NetworkRun): readonly number[] {
  while (state.hasOpen()) {
    const values = logits();
    let best = values.length - 1;
    for (let index = 0; index < values.length; index++)
      if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
    if (best === values.length - 1) break;
    state.take(best);
  }
  return state.picked;
}
