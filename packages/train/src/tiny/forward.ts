/**
 * The forward pass of Qwen2 in jax-js: token embeddings, layers of attention with rotary positions and of SwiGLU,
 * tied output. Prompts are padded on the LEFT, so that the positions of actions are the same in every row: slots
 * `0 … promptSlots - 1` hold the prompt, the actions follow. Attention sees relative positions only, so padding
 * changes nothing. Everything is computed row by row: what stands in one row never depends on another.
 *
 * In the last layer only the positions that predict an action are computed. Functions take ownership of their
 * array arguments, as jax-js wants; weights are lent (`.ref`).
 */
import { nn, numpy as np } from '@jax-js/jax';
import { headSize, type TinyConfig } from './tiny-config.ts';

/** Weights as arrays of the engine, by Hugging Face's names. */
export type Weights = Record<string, np.Array>;

/** Keys and values of one layer, `[rows, slots, heads, headSize]`, keys already turned to their positions. */
export type LayerCache = { keys: np.Array; values: np.Array };

const masked = -1e9;
const embedding = 'model.embed_tokens.weight';

/**
 * Logits `[rows, queries, vocabulary]` of the last `queries` of `slots` positions, and the caches of all layers.
 * `embedded` is `[rows, slots, width]`; `start` is `[rows]`, the slot of each row's first token.
 */
export function forward(
  config: TinyConfig,
  weights: Weights,
  embedded: np.Array,
  start: np.Array,
  queries: number,
): { logits: np.Array; caches: LayerCache[] } {
  const [rows = 0, slots = 0] = embedded.shape;
  const begin = start.reshape([rows, 1, 1]);
  const caches: LayerCache[] = [];
  let hidden = embedded;
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const isLast = layer === config.num_hidden_layers - 1;
    const from = isLast ? slots - queries : 0;
    const window =
      config.layer_types[layer] === 'sliding_attention' ? Math.min(config.sliding_window, slots) : slots;
    const attended = norm(
      config,
      hidden.ref,
      weight(weights, `model.layers.${layer}.input_layernorm.weight`),
    );
    const part = (name: 'q' | 'k' | 'v', first: number): np.Array =>
      heads(config, weights, layer, name, attended.ref.slice([], [first, slots], []));
    const query = turn(config, part('q', from), from);
    const keys = turn(config, part('k', 0), 0);
    const values = part('v', 0);
    attended.dispose();
    caches.push({ keys: keys.ref, values: values.ref });
    const mixed =
      window < slots && !isLast
        ? attendNear(query, keys, values, begin.ref, window)
        : attend(query, keys, values, visible(begin.ref, from, slots, window));
    const residual = isLast ? hidden.slice([], [from, slots], []) : hidden;
    hidden = finishLayer(config, weights, layer, residual, mixed);
  }
  begin.dispose();
  return { logits: predict(config, weights, hidden), caches };
}

/** The embeddings of tokens of any shape. Not to be differentiated, see `engine.ts`. */
export function embed(weights: Weights, tokens: np.Array): np.Array {
  return np.take(weight(weights, embedding), tokens, 0);
}

/**
 * Logits `[rows, vocabulary]` of one more token a row. `tokens` is `[rows]`, `index` the number of actions that
 * were fed before, `prompt` the caches of the prompt and `written` those of the actions (`[rows, actions, …]`),
 * which are returned with this token's keys and values at `index`.
 */
export function forwardOne(
  config: TinyConfig,
  weights: Weights,
  tokens: np.Array,
  start: np.Array,
  index: np.Array,
  prompt: readonly LayerCache[],
  written: readonly LayerCache[],
): { logits: np.Array; written: LayerCache[] } {
  const [rows = 0] = tokens.shape;
  const slots = prompt[0]?.keys.shape[1] ?? 0;
  const actions = written[0]?.keys.shape[1] ?? 0;
  const here = np
    .arange(actions)
    .reshape([1, actions, 1, 1])
    .equal(index.ref.reshape([1, 1, 1, 1]));
  const position = index.ref.add(slots);
  // Slots from the row's first token to this one; a sliding layer sees the last of them.
  const slot = np.arange(slots + actions).reshape([1, 1, slots + actions]);
  const known = np.where(
    slot.ref.less(start.reshape([rows, 1, 1])),
    false,
    slot.ref.lessEqual(position.ref.reshape([1, 1, 1])),
  );
  const near = slot.greater(position.ref.sub(config.sliding_window).reshape([1, 1, 1]));
  const caches: LayerCache[] = [];
  let hidden = embed(weights, tokens).reshape([rows, 1, config.hidden_size]);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const before = prompt[layer];
    const own = written[layer];
    if (!before || !own) throw new RangeError(`forwardOne: no cache of layer ${layer}`);
    const attended = norm(
      config,
      hidden.ref,
      weight(weights, `model.layers.${layer}.input_layernorm.weight`),
    );
    const part = (name: 'q' | 'k' | 'v'): np.Array => heads(config, weights, layer, name, attended.ref);
    const query = turnAt(config, part('q'), position.ref);
    const keys = np.where(here.ref, turnAt(config, part('k'), position.ref), own.keys);
    const values = np.where(here.ref, part('v'), own.values);
    attended.dispose();
    caches.push({ keys: keys.ref, values: values.ref });
    const isSliding = config.layer_types[layer] === 'sliding_attention';
    const mask = isSliding ? np.where(near.ref, known.ref, false) : known.ref;
    const mixed = attend(
      query,
      np.concatenate([before.keys, keys], 1),
      np.concatenate([before.values, values], 1),
      mask,
    );
    hidden = finishLayer(config, weights, layer, hidden, mixed);
  }
  for (const array of [here, position, known, near, index]) array.dispose();
  return {
    logits: predict(config, weights, hidden).reshape([rows, config.vocab_size]),
    written: caches,
  };
}

/** The rest of a layer after attention: output projection and SwiGLU, each added to the residual. */
function finishLayer(
  config: TinyConfig,
  weights: Weights,
  layer: number,
  residual: np.Array,
  mixed: np.Array,
): np.Array {
  const prefix = `model.layers.${layer}`;
  const [rows = 0, length = 0] = mixed.shape;
  const output = linear(
    mixed.reshape([rows, length, config.num_attention_heads * headSize(config)]),
    weight(weights, `${prefix}.self_attn.o_proj.weight`),
  );
  const middle = residual.add(output);
  const input = norm(config, middle.ref, weight(weights, `${prefix}.post_attention_layernorm.weight`));
  const gate = linear(input.ref, weight(weights, `${prefix}.mlp.gate_proj.weight`));
  const up = linear(input, weight(weights, `${prefix}.mlp.up_proj.weight`));
  return middle.add(linear(nn.silu(gate).mul(up), weight(weights, `${prefix}.mlp.down_proj.weight`)));
}

function predict(config: TinyConfig, weights: Weights, hidden: np.Array): np.Array {
  const normed = norm(config, hidden, weight(weights, 'model.norm.weight'));
  return linear(normed, weight(weights, embedding));
}

/** Attention of every query to the slots that `mask` (`[rows, queries, slots]`, or 1 for rows) lets it see. */
function attend(query: np.Array, keys: np.Array, values: np.Array, mask: np.Array): np.Array {
  const [, , , size = 1] = query.shape;
  const scores = np.einsum('bqhd,bshd->bhqs', query, keys).mul(1 / Math.sqrt(size));
  const shares = nn.softmax(np.where(np.expandDims(mask, 1), scores, masked), -1);
  return np.einsum('bhqs,bshd->bqhd', shares, values);
}

/** The same for a short window: one score per distance instead of one per pair of slots. */
function attendNear(
  query: np.Array,
  keys: np.Array,
  values: np.Array,
  begin: np.Array,
  window: number,
): np.Array {
  const [rows = 0, slots = 0, , size = 1] = query.shape;
  const slot = np.arange(slots).reshape([1, slots, 1]);
  const scores: np.Array[] = [];
  for (let distance = 0; distance < window; distance++) {
    const score = query.ref
      .mul(back(keys.ref, distance))
      .sum(-1)
      .mul(1 / Math.sqrt(size));
    const isHere = slot.ref.sub(distance).greaterEqual(begin.ref);
    scores.push(np.where(np.broadcastTo(isHere, [rows, slots, 1]), score, masked));
  }
  for (const array of [query, keys, begin, slot]) array.dispose();
  const shares = nn.softmax(np.stack(scores, -1), -1);
  let mixed: np.Array | undefined;
  for (let distance = 0; distance < window; distance++) {
    const share = shares.ref.slice([], [], [], [distance, distance + 1]);
    const term = share.mul(back(values.ref, distance));
    mixed = mixed ? mixed.add(term) : term;
  }
  shares.dispose();
  values.dispose();
  if (!mixed) throw new RangeError(`attendNear: a window of ${window}`);
  return mixed;
}

/** Each slot holds what stood `distance` slots before it. */
function back(array: np.Array, distance: number): np.Array {
  const slots = array.shape[1] ?? 0;
  if (distance === 0) return array;
  return np.pad(array.slice([], [0, slots - distance]), [
    [0, 0],
    [distance, 0],
    [0, 0],
    [0, 0],
  ]);
}

/** `[rows, queries, slots]`: causal, no padding, at most `window` back. Queries stand at `from …`. */
function visible(begin: np.Array, from: number, slots: number, window: number): np.Array {
  const key = np.arange(slots).reshape([1, 1, slots]);
  const query = np.arange(from, slots).reshape([1, slots - from, 1]);
  const isPast = np.where(key.ref.lessEqual(query.ref), key.ref.greater(query.sub(window)), false);
  return np.where(key.greaterEqual(begin), isPast, false);
}

function heads(
  config: TinyConfig,
  weights: Weights,
  layer: number,
  name: 'q' | 'k' | 'v',
  input: np.Array,
): np.Array {
  const [rows = 0, length = 0] = input.shape;
  const prefix = `model.layers.${layer}.self_attn.${name}_proj`;
  const count = config.num_attention_heads;
  return linear(input, weight(weights, `${prefix}.weight`))
    .add(weight(weights, `${prefix}.bias`))
    .reshape([rows, length, count, headSize(config)]);
}

/** Rotary embedding of `[rows, length, heads, size]` at positions `from …`. */
function turn(config: TinyConfig, array: np.Array, from: number): np.Array {
  const [, length = 0] = array.shape;
  return turnAt(config, array, np.arange(from, from + length));
}

/** Rotary embedding at the given positions: `[length]`, or a scalar. */
function turnAt(config: TinyConfig, array: np.Array, position: np.Array): np.Array {
  const [, , , size = 0] = array.shape;
  const half = size / 2;
  const speeds = Float32Array.from({ length: half }, (_, pair) => config.rope_theta ** (-pair / half));
  const angle = position
    .astype(np.float32)
    .reshape([1, -1, 1, 1])
    .mul(np.array(speeds).reshape([1, 1, 1, half]));
  const cosine = np.cos(angle.ref);
  const sine = np.sin(angle);
  const first = array.ref.slice([], [], [], [0, half]);
  const second = array.slice([], [], [], [half, size]);
  return np.concatenate(
    [first.ref.mul(cosine.ref).sub(second.ref.mul(sine.ref)), second.mul(cosine).add(first.mul(sine))],
    -1,
  );
}

function norm({ rms_norm_eps: epsilon }: TinyConfig, input: np.Array, scale: np.Array): np.Array {
  const square = np.mean(np.square(input.ref), -1, { keepdims: true });
  return input.div(np.sqrt(square.add(epsilon))).mul(scale);
}

/** `input` times the transposed weight, over the last axis. */
function linear(input: np.Array, matrix: np.Array): np.Array {
  const shape = input.shape;
  const flat = input.reshape([-1, shape.at(-1) ?? 1]);
  const out = matrix.shape[0] ?? 1;
  return np.matmul(flat, np.transpose(matrix)).reshape([...shape.slice(0, -1), out]);
}

function weight(weights: Weights, name: string): np.Array {
  const array = weights[name];
  if (!array) throw new RangeError(`forward: no weight ${name}`);
  return array.ref;
}
