/**
 * Qwen2's forward pass as its paper and `transformers` define it, one token after the other in plain 64-bit numbers:
 * what the engine's pass is held against.
 */
import type { Tensors } from './tensors.ts';
import { headSize, type TinyConfig } from './tiny-config.ts';

type Vector = number[];

/** Logits of every position of an unpadded sequence. */
export function referenceLogits(config: TinyConfig, tensors: Tensors, tokens: readonly number[]): Vector[] {
  const width = config.hidden_size;
  const tensor = (name: string): Float32Array => {
    const found = tensors[name];
    if (!found) throw new RangeError(`no tensor ${name}`);
    return found.data;
  };
  const row = (name: string, index: number): Vector =>
    Array.from(tensor(name).subarray(index * width, (index + 1) * width));
  const linear = (name: string, input: Vector): Vector => {
    const weights = tensor(`${name}.weight`);
    const bias = tensors[`${name}.bias`]?.data;
    return Array.from({ length: weights.length / input.length }, (_, out) =>
      input.reduce(
        (sum, value, at) => sum + value * (weights[out * input.length + at] ?? 0),
        bias?.[out] ?? 0,
      ),
    );
  };
  const norm = (name: string, input: Vector): Vector => {
    const scale = tensor(`${name}.weight`);
    const mean = input.reduce((sum, value) => sum + value * value, 0) / input.length;
    return input.map((value, at) => (value / Math.sqrt(mean + config.rms_norm_eps)) * (scale[at] ?? 0));
  };

  let hidden = tokens.map((token) => row('model.embed_tokens.weight', token));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const input = hidden.map((vector) => norm(`${prefix}.input_layernorm`, vector));
    const part = (name: string): Vector[] =>
      input.map((vector) => linear(`${prefix}.self_attn.${name}_proj`, vector));
    const turned = (vectors: Vector[]): Vector[] =>
      vectors.map((vector, position) => turn(config, vector, position));
    const mixed = attention(config, layer, turned(part('q')), turned(part('k')), part('v'));
    hidden = hidden.map((vector, at) => add(vector, linear(`${prefix}.self_attn.o_proj`, mixed[at] ?? [])));
    hidden = hidden.map((vector) => {
      const middle = norm(`${prefix}.post_attention_layernorm`, vector);
      const gate = linear(`${prefix}.mlp.gate_proj`, middle);
      const up = linear(`${prefix}.mlp.up_proj`, middle);
      const inner = gate.map((value, at) => (value / (1 + Math.exp(-value))) * (up[at] ?? 0));
      return add(vector, linear(`${prefix}.mlp.down_proj`, inner));
    });
  }
  return hidden.map((vector) => linear('model.embed_tokens', norm('model.norm', vector)));
}

function attention(
  config: TinyConfig,
  layer: number,
  queries: Vector[],
  keys: Vector[],
  values: Vector[],
): Vector[] {
  const size = headSize(config);
  const isSliding = config.layer_types[layer] === 'sliding_attention';
  return queries.map((query, position) => {
    const first = isSliding ? Math.max(0, position - config.sliding_window + 1) : 0;
    return query.map((_, at) => {
      const from = Math.floor(at / size) * size;
      const scores = keys
        .slice(first, position + 1)
        .map((key) => dot(query.slice(from, from + size), key.slice(from, from + size)) / Math.sqrt(size));
      const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.reduce(
        (sum, weight, index) => sum + (weight / total) * (values[first + index]?.[at] ?? 0),
        0,
      );
    });
  });
}

/** Rotary positions: the pair (i, i + half) of each head turns by position * theta^(-i / half). */
function turn(config: TinyConfig, vector: Vector, position: number): Vector {
  const size = headSize(config);
  const half = size / 2;
  return vector.map((value, at) => {
    const pair = at % half;
    const angle = position * config.rope_theta ** (-pair / half);
    const isFirst = at % size < half;
    const other = vector[isFirst ? at + half : at - half] ?? 0;
    return value * Math.cos(angle) + (isFirst ? -other : other) * Math.sin(angle);
  });
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function add(a: Vector, b: Vector): Vector {
  return a.map((value, at) => value + (b[at] ?? 0));
}
