/** The losses of `backend.ts` in jax-js, over rows of actions; see `algorithm/action-loss.ts` for the formulas. */
import { nn, numpy as np } from '@jax-js/jax';

/** What the loss takes beside the logits; all `[rows, actions]`, advantages and temperatures repeated. */
export type LossInputs = {
  actions: np.Array;
  /** How many actions this one stands for; 0 where a row has fewer. */
  counts: np.Array;
  scale: np.Array;
  advantage: np.Array;
  temperature: np.Array;
  oldLogprobs: np.Array;
  referenceLogprobs: np.Array;
  /** 1 where there is a reference, 0 where its term is left out. */
  hasReference: np.Array;
  /** `[3]`: clipLow, clipHigh, klWeight. */
  settings: np.Array;
};

/** Log-probabilities of the actions and entropies, both `[rows, actions]`, at the rows' temperatures. */
export function scoreActions(
  logits: np.Array,
  actions: np.Array,
  temperature: np.Array,
): { logprobs: np.Array; entropies: np.Array } {
  const size = logits.shape.at(-1) ?? 0;
  const all = nn.logSoftmax(logits.div(np.expandDims(temperature, -1)), -1);
  const logprobs = all.ref.mul(nn.oneHot(actions, size)).sum(-1);
  const entropies = np.exp(all.ref).mul(all).sum(-1).neg();
  return { logprobs, entropies };
}

/** The loss, and `[4]` sums: clipped actions, k3 to the reference, drift, entropy. Cross-entropy has neither of the first two. */
export function lossSums(
  kind: 'clipped-surrogate' | 'cross-entropy',
  logits: np.Array,
  inputs: LossInputs,
): [np.Array, np.Array] {
  const {
    actions,
    counts,
    scale,
    advantage,
    temperature,
    oldLogprobs,
    referenceLogprobs,
    hasReference,
    settings,
  } = inputs;
  const { logprobs, entropies } = scoreActions(logits, actions, temperature);
  const setting = (index: number): np.Array => settings.ref.slice([index, index + 1]).reshape([1, 1]);
  const change = logprobs.ref.sub(oldLogprobs);
  const toReference = referenceLogprobs.sub(logprobs.ref).mul(hasReference);
  const kl = k3(toReference);
  const ratio = np.exp(change.ref);
  const high = setting(1).add(1);
  const low = np.subtract(1, setting(0));
  const isGain = advantage.ref.greater(0);
  const isClipped = np.where(
    isGain,
    ratio.ref.greater(high.ref),
    np.where(advantage.ref.less(0), ratio.ref.less(low.ref), false),
  );
  const bound = np.where(advantage.ref.greater(0), high, low);
  const surrogate = np.where(isClipped.ref, bound, ratio).mul(advantage.ref);
  const perAction =
    kind === 'cross-entropy'
      ? advantage.ref.mul(logprobs.ref).neg()
      : kl.ref.mul(setting(2)).sub(surrogate.ref);
  const count = (array: np.Array): np.Array => array.mul(counts.ref).sum();
  const sums = np.stack([
    count(isClipped.astype(np.float32)),
    count(kl),
    count(k3(change)),
    count(entropies),
  ]);
  const loss = perAction.mul(scale).sum();
  for (const array of [counts, advantage, settings, logprobs, surrogate]) array.dispose();
  return [loss, sums];
}

function k3(d: np.Array): np.Array {
  return np.exp(d.ref).sub(d).sub(1);
}
