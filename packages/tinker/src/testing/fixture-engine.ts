/**
 * A model with one number for weights, so that what a server computed can be checked by hand: the
 * log-probability of a token is -1 - (token mod 7) / 10 - weight, and each step adds the learning rate times
 * the sum of the losses since the last one.
 */
import { floats, type Tensor } from '../data/tensor.ts';
import type { Datum } from '../data/datum.ts';
import type { WireLoss } from '../model/loss.ts';
import type { PassOutput } from '../model/pass-output.ts';

/** What the server does with the clip thresholds that it is told. */
export type Clipping = 'honours' | 'fixes' | 'ignores' | 'hides';

/** The state of one model. */
export interface FixtureModel {
  weight: number;
  gradient: number;
}

/** The log-probability of a token. */
export const logprobOf = (token: number, weight: number): number => -1 - (token % 7) / 10 - weight;

/** A forward pass, with the gradient if it is not `forwardOnly`. */
export function runPass(
  model: FixtureModel,
  data: readonly Datum[],
  loss: WireLoss,
  forwardOnly: boolean,
  clipping: Clipping,
): PassOutput {
  let sum = 0;
  const outputs = data.map(({ inputs }) => {
    const targets = inputs.target_tokens!.data;
    const logprobs = Array.from(targets, (token) => logprobOf(token, model.weight));
    const losses = logprobs.map((logprob, index) =>
      tokenLoss(loss, clipping, logprob, (name) => inputs[name]?.data[index] ?? 1),
    );
    for (const value of losses) sum += value;
    const fields: Record<string, Tensor> = { logprobs: floats(logprobs) };
    if (clipping !== 'hides') fields['elementwise_loss'] = floats(losses);
    return fields;
  });
  if (!forwardOnly) model.gradient += sum;
  return {
    outputType: 'ArrayRecord',
    outputs,
    metrics: clipping === 'hides' ? {} : { 'loss:sum': sum, 'tokens:mean': data.length },
  };
}

function tokenLoss(
  { lossFn, config }: WireLoss,
  clipping: Clipping,
  logprob: number,
  at: (name: string) => number,
): number {
  if (lossFn === 'cross_entropy') return -logprob * at('weights');
  const ratio = Math.exp(logprob - at('logprobs'));
  const advantage = at('advantages');
  if (lossFn === 'importance_sampling' || clipping === 'ignores') return -ratio * advantage;
  const [low, high] =
    clipping === 'fixes'
      ? [0.8, 1.2]
      : [Number(config?.['clip_low_threshold'] ?? 0.8), Number(config?.['clip_high_threshold'] ?? 1.2)];
  return -Math.min(ratio * advantage, Math.min(Math.max(ratio, low), high) * advantage);
}
