import { TinkerError } from '../errors.ts';
import { checkModelInput, tokens, type ModelInput } from './model-input.ts';
import { checkTensor, floats, integers, type Tensor } from './tensor.ts';

/**
 * One sequence to train on. `inputs` are the arrays that the loss function asks for, by the protocol's
 * names, each aligned with the tokens of `modelInput`: entry i speaks of the token that follows token i.
 */
export interface Datum {
  readonly modelInput: ModelInput;
  readonly inputs: LossInputs;
}

/** The arrays of a datum, by the protocol's names. */
export interface LossInputs {
  readonly target_tokens?: Tensor;
  readonly weights?: Tensor;
  readonly logprobs?: Tensor;
  readonly advantages?: Tensor;
  readonly [name: string]: Tensor | undefined;
}

/**
 * A sequence for `cross_entropy`: the tokens, and the weight of each in the loss. The first token has no
 * loss, as nothing comes before it: `weights` has one entry for every token and its first is not used.
 */
export function weightedDatum(sequence: ArrayLike<number>, weights: ArrayLike<number>): Datum {
  const { modelInput, target } = shift(sequence, { weights });
  return { modelInput, inputs: { target_tokens: target, weights: floats(tail(weights)) } };
}

/**
 * A sampled sequence for the policy losses (`importance_sampling`, `ppo`, `cispo`, `dro`): the tokens, the
 * log-probability with which each was sampled, and its advantage. One entry for every token, the first not
 * used; tokens that were not sampled, as those of the prompt, have advantage 0 and with it no loss.
 */
export function policyDatum(
  sequence: ArrayLike<number>,
  logprobs: ArrayLike<number>,
  advantages: ArrayLike<number>,
): Datum {
  const { modelInput, target } = shift(sequence, { logprobs, advantages });
  return {
    modelInput,
    inputs: { target_tokens: target, logprobs: floats(tail(logprobs)), advantages: floats(tail(advantages)) },
  };
}

/** Throws `bad-input` if the datum cannot be sent. */
export function checkDatum(datum: Datum, name: string): void {
  checkModelInput(datum.modelInput, name);
  for (const [input, tensor] of Object.entries(datum.inputs))
    if (tensor) checkTensor(tensor, `${input} of ${name}`);
}

const tail = (values: ArrayLike<number>) => Array.from(values).slice(1);

/** `[a, b, c]` is read as `a b` and trained to say `b c`. */
function shift(sequence: ArrayLike<number>, aligned: Record<string, ArrayLike<number>>) {
  if (sequence.length < 2)
    throw new TinkerError(
      'bad-input',
      `A sequence of ${sequence.length} tokens has none to predict; give at least 2`,
    );
  for (const [name, values] of Object.entries(aligned)) {
    if (values.length !== sequence.length)
      throw new TinkerError(
        'bad-input',
        `${values.length} ${name} for ${sequence.length} tokens; give one for every token`,
      );
  }
  return { modelInput: tokens(Array.from(sequence).slice(0, -1)), target: integers(tail(sequence)) };
}
