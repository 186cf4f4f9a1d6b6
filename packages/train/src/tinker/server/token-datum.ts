/** A datum as the Tinker API sends it: what the model reads, what it should say next, and what each place counts for. */
import { MemagentError } from '@memagent/core';
import type { Datum } from '@memagent/tinker';

/** Arrays of equal length, one entry for each token of the input. */
export interface TokenDatum {
  tokens: readonly number[];
  /** The token that should follow. */
  targets: readonly number[];
  weights: readonly number[];
  advantages: readonly number[];
  /** Log-probabilities at sampling. */
  logprobs: readonly number[];
}

const known = new Set(['target_tokens', 'weights', 'advantages', 'logprobs', 'mask']);

/** Checks a datum. Throws `invalid-option` saying which, and what is wrong. */
export function parseTokenDatum(
  { modelInput, inputs }: Datum,
  index: number,
  vocabulary: number,
): TokenDatum {
  const wrong = (problem: string): MemagentError =>
    new MemagentError(`Datum ${index}: ${problem}`, { code: 'invalid-option', data: { datum: index } });
  const tokens = modelInput.flatMap((chunk) => {
    if (chunk.type !== 'text')
      throw wrong(`model_input has a chunk of kind ${chunk.type}; only text is supported.`);
    return Array.from(chunk.tokens);
  });
  const unknown = Object.keys(inputs).find((name) => !known.has(name));
  if (unknown !== undefined) throw wrong(`loss_fn_inputs has ${unknown}, which this server does not know.`);
  const take = (name: string, fill: number): readonly number[] => {
    const tensor = inputs[name];
    if (!tensor) return tokens.map(() => fill);
    if (tensor.shape.length !== 1)
      throw wrong(`${name} has ${tensor.shape.length} dimensions; 1 is supported.`);
    if (tensor.data.length !== tokens.length) {
      throw wrong(`${name} has ${tensor.data.length} entries for ${tokens.length} tokens.`);
    }
    return Array.from(tensor.data);
  };
  if (tokens.length === 0) throw wrong('model_input has no tokens.');
  if (!inputs['target_tokens']) throw wrong('loss_fn_inputs lacks target_tokens.');
  const targets = take('target_tokens', 0);
  const foreign = [...tokens, ...targets].find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (foreign !== undefined) throw wrong(`token ${foreign} is not in the vocabulary of ${vocabulary}.`);
  return {
    tokens,
    targets,
    weights: take(inputs['weights'] ? 'weights' : 'mask', 1),
    advantages: take('advantages', 0),
    logprobs: take('logprobs', 0),
  };
}
