import { tokens } from '../data/model-input.ts';
import { floats, integers, type Tensor } from '../data/tensor.ts';
import type { Datum } from '../data/datum.ts';
import type { ClipThresholds } from './loss.ts';
import type { Model } from './model.ts';
import type { PassOutput } from './pass-output.ts';

/** What a server makes of the clip thresholds that it is given. */
export interface ClipCheck {
  /** `ignored` covers fixed ones: what holds is then in `low` and `high`. */
  readonly status: 'honoured' | 'ignored' | 'unknown';
  /** The bounds that the server's loss showed; undefined where it shows no loss. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly message: string;
}

/**
 * Measures which thresholds a server uses. `ppo` gives for one token with ratio r the loss -min(r·a, clip(r)·a):
 * with r far above the range and advantage 1 that is minus the upper bound, with r far below and advantage -1
 * the lower. So a token whose log-probability is known, given as if it had been sampled far less and far more
 * often, shows both. Takes three forward passes, and changes nothing in the model. `sequence` are any two or
 * more tokens that the model reads.
 */
export async function checkClipThresholds(
  model: Model,
  thresholds: Required<ClipThresholds>,
  { sequence, signal }: { readonly sequence: readonly number[]; readonly signal?: AbortSignal },
): Promise<ClipCheck> {
  const call = signal ? { signal } : {};
  const target = { target_tokens: integers(sequence.slice(1)) };
  const modelInput = tokens(sequence.slice(0, -1));
  const zeros = floats(sequence.slice(1).map(() => 0));
  const plain = await model.forward(
    [{ modelInput, inputs: { ...target, weights: zeros } }],
    { name: 'cross_entropy' },
    call,
  );
  const logprobs = plain.outputs[0]?.['logprobs'];
  if (!logprobs) return unknown('its forward pass gives no log-probabilities');

  const lossAt = async (ratio: number, advantage: number) => {
    const inputs = { ...target, logprobs: shifted(logprobs, ratio), advantages: firstOnly(zeros, advantage) };
    const pass = await model.forward(
      [{ modelInput, inputs } satisfies Datum],
      { name: 'ppo', ...thresholds },
      call,
    );
    return lossOf(pass);
  };
  const { clipLowThreshold, clipHighThreshold } = thresholds;
  // Twice beyond what is asked for and beyond what servers are known to fix.
  const above = await lossAt(Math.max(4, clipHighThreshold * 2), 1);
  const below = await lossAt(Math.min(0.25, clipLowThreshold / 2), -1);
  if (above === undefined || below === undefined) return unknown('its forward pass with ppo gives no loss');
  const [low, high] = [below, -above];
  const honoured = isNear(low, clipLowThreshold) && isNear(high, clipHighThreshold);
  const used = `asked for ratios from ${clipLowThreshold} to ${clipHighThreshold}, the server used ${low.toFixed(3)} to ${high.toFixed(3)}`;
  return { status: honoured ? 'honoured' : 'ignored', low, high, message: used };
}

const unknown = (why: string): ClipCheck => ({
  status: 'unknown',
  low: undefined,
  high: undefined,
  message: `whether the server keeps to the clip thresholds cannot be seen: ${why}`,
});

/** As if each token had been sampled at its probability divided by the ratio. */
const shifted = (logprobs: Tensor, ratio: number) =>
  floats(Array.from(logprobs.data, (logprob) => logprob - Math.log(ratio)));

const firstOnly = (zeros: Tensor, advantage: number) =>
  floats(Array.from(zeros.data, (zero, index) => (index === 0 ? advantage : zero)));

function lossOf({ metrics, outputs }: PassOutput): number | undefined {
  const elements = outputs[0]?.['elementwise_loss'];
  return elements ? elements.data[0] : metrics['loss:sum'];
}

/** Log-probabilities are computed twice, in half precision at worst. */
const isNear = (value: number, wanted: number) => Math.abs(value - wanted) <= 0.02 * Math.max(wanted, 0.1);
