/** Draws a token from logits. Plain arithmetic in 64 bits on one row: nothing else in a batch has a part in it. */

export interface TokenChoice {
  token: number;
  /** Of the untruncated policy at the temperature (at 1 where the temperature is 0). */
  logprob: number;
  /** Of that same policy, in nats. */
  entropy: number;
}

export interface ChoiceOptions {
  /** 0 takes the likeliest. */
  temperature: number;
  topP: number;
  /** From 0 to 1, 1 excluded; called once unless the temperature is 0. */
  fraction: () => number;
}

/** Chooses among the likeliest tokens whose probabilities add up to `topP`. */
export function chooseToken(
  logits: Float32Array,
  { temperature, topP, fraction }: ChoiceOptions,
): TokenChoice {
  const sharpness = temperature === 0 ? 1 : 1 / temperature;
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if ((logits[token] as number) > (logits[best] as number)) best = token;
  }
  const most = logits[best] as number;
  const weights = new Float64Array(logits.length);
  let total = 0;
  let energy = 0;
  for (let token = 0; token < logits.length; token++) {
    const height = ((logits[token] as number) - most) * sharpness;
    const weight = Math.exp(height);
    weights[token] = weight;
    total += weight;
    energy += weight * height;
  }
  const token = temperature === 0 ? best : pick(weights, total, topP * total, best, fraction());
  return {
    token,
    logprob: ((logits[token] as number) - most) * sharpness - Math.log(total),
    entropy: Math.log(total) - energy / total,
  };
}

function pick(weights: Float64Array, total: number, enough: number, best: number, fraction: number): number {
  if ((weights[best] as number) >= enough) return best;
  if (enough >= total) return walk(Array.from(weights.keys()), weights, fraction * total);
  const order = Array.from(weights.keys()).toSorted(
    (a, b) => (weights[b] as number) - (weights[a] as number) || a - b,
  );
  let sum = 0;
  const kept = order.slice(0, order.findIndex((token) => (sum += weights[token] as number) >= enough) + 1);
  return walk(kept.length === 0 ? order : kept, weights, fraction * sum);
}

/** The token in whose stretch of the summed weights `at` lies. */
function walk(tokens: readonly number[], weights: Float64Array, at: number): number {
  let rest = at;
  for (const token of tokens) {
    rest -= weights[token] as number;
    if (rest < 0) return token;
  }
  return tokens.at(-1) ?? 0;
}
