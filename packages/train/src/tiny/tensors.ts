/** The model's weights by Hugging Face's names, and how they begin. Shapes are `[out, in]`, as PyTorch keeps them. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { headSize, type TinyConfig } from './tiny-config.ts';

export interface Tensor {
  shape: readonly number[];
  data: Float32Array;
}

/** Tensors by name, in a fixed order. */
export type Tensors = Record<string, Tensor>;

/** The shape of every tensor of a model. */
export function tensorShapes(config: TinyConfig): Record<string, number[]> {
  const { hidden_size: width, intermediate_size: inner, num_attention_heads: heads } = config;
  const attended = heads * headSize(config);
  const shapes: Record<string, number[]> = { 'model.embed_tokens.weight': [config.vocab_size, width] };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}`;
    shapes[`${prefix}.input_layernorm.weight`] = [width];
    for (const part of ['q', 'k', 'v']) {
      shapes[`${prefix}.self_attn.${part}_proj.weight`] = [attended, width];
      shapes[`${prefix}.self_attn.${part}_proj.bias`] = [attended];
    }
    shapes[`${prefix}.self_attn.o_proj.weight`] = [width, attended];
    shapes[`${prefix}.post_attention_layernorm.weight`] = [width];
    shapes[`${prefix}.mlp.gate_proj.weight`] = [inner, width];
    shapes[`${prefix}.mlp.up_proj.weight`] = [inner, width];
    shapes[`${prefix}.mlp.down_proj.weight`] = [width, inner];
  }
  shapes['model.norm.weight'] = [width];
  return shapes;
}

/**
 * Weights to begin with: normal, by fan-in, smaller where a layer adds to the residual; biases 0, norms 1. Some
 * priors are built in, without which a short run does not find out that facts are to be matched with the question:
 * words and what is told of them begin in different halves of the residual's dimensions (see {@link keepApart}); the
 * first two heads of the first layer look two words and one word back (see {@link lookBack}), and the first one
 * copies the word from one half to the other (see {@link copyWord}); the first head of the last layer looks for what
 * has the same word before it (see {@link lookForLike}) and writes what it finds (see {@link copyFound}).
 */
export function initialTensors(config: TinyConfig, seed: number): Tensors {
  const normal = createNormal(seed);
  const residual = 1 / Math.sqrt(2 * config.num_hidden_layers);
  const tensors: Tensors = {};
  for (const [name, shape] of Object.entries(tensorShapes(config))) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (name.endsWith('norm.weight')) {
      data.fill(1);
    } else if (name.endsWith('.weight')) {
      const scale = /o_proj|down_proj/.test(name) ? residual : 1;
      const deviation = scale / Math.sqrt(shape[1] ?? 1);
      for (let index = 0; index < data.length; index++) data[index] = deviation * normal();
    }
    tensors[name] = { shape, data };
  }
  keepApart(tensors, config);
  lookBack(tensors, config, 0, 2);
  lookBack(tensors, config, 1, 1);
  copyWord(tensors, config);
  lookForLike(tensors, config);
  copyFound(tensors, config);
  return tensors;
}

/**
 * Keeps what a word is apart from what its neighbours are: embeddings begin in the first half of the residual's
 * dimensions, and the heads of the first layer write to the second. In the same dimensions the value of a fact would
 * disturb how well its name fits the one that is asked for.
 */
function keepApart(tensors: Tensors, config: TinyConfig): void {
  const width = config.hidden_size;
  const half = width / 2;
  const embeddings = tensors['model.embed_tokens.weight']?.data;
  embeddings?.forEach((value, at) => (embeddings[at] = at % width < half ? Math.SQRT2 * value : 0));
  const written = tensors['model.layers.0.self_attn.o_proj.weight']?.data;
  written?.fill(0, 0, (half * written.length) / width);
}

/**
 * Makes a head of the first layer look `distance` words back. A rotary embedding turns the pair `(i, i + half)` of
 * a query or key by its position; a constant query along the pair's first axis and a constant key that is turned
 * ahead by `distance` positions fit best exactly where the key stands `distance` before the query.
 */
function lookBack(tensors: Tensors, config: TinyConfig, head: number, distance: number): void {
  const size = headSize(config);
  // A score of 6 where it fits best.
  const strength = Math.sqrt(6 * Math.sqrt(size));
  const at = head * size;
  for (const part of ['q', 'k']) {
    const weights = tensors[`model.layers.0.self_attn.${part}_proj.weight`]?.data;
    const rows = weights?.subarray(at * config.hidden_size, (at + size) * config.hidden_size);
    rows?.forEach((value, index) => (rows[index] = value / 5));
    const bias = tensors[`model.layers.0.self_attn.${part}_proj.bias`]?.data;
    if (!bias) continue;
    const turn = part === 'k' ? distance : 0;
    // The fastest pair turns by one radian a word: it alone tells neighbours apart.
    bias[at] = strength * Math.cos(turn);
    bias[at + size / 2] = strength * Math.sin(turn);
  }
}

/** Makes the first head of the first layer copy the word that it looks at from the first half to the second. */
function copyWord(tensors: Tensors, config: TinyConfig): void {
  const half = config.hidden_size / 2;
  wireThrough(tensors, config, 0, { to: half, strength: 2 / Math.sqrt(config.hidden_size) });
}

/**
 * Makes the first head of the last layer look for places that the first head of the first layer has told the same
 * as the place that it looks from: queries and keys are read out of the half that that head writes to, by the
 * slowest pairs of the rotary embedding, which distance turns the least. The others begin small.
 */
function lookForLike(tensors: Tensors, config: TinyConfig): void {
  const { hidden_size: width, num_hidden_layers: layers } = config;
  const size = headSize(config);
  const strength = 1.75;
  for (const part of ['q', 'k']) {
    const rows = tensors[`model.layers.${layers - 1}.self_attn.${part}_proj.weight`]?.data;
    if (!rows) continue;
    for (let at = 0; at < size * width; at++) rows[at] = (rows[at] ?? 0) / 5;
    for (let at = 0; at < Math.min(width / 2, size); at++) {
      const pair = size / 2 - 1 - Math.floor(at / 2);
      const own = pair + (at % 2) * (size / 2);
      rows.fill(0, own * width, (own + 1) * width);
      rows[own * width + width / 2 + at] = strength;
    }
  }
}

/**
 * Makes the first head of the last layer write what it finds: the word that it looks at becomes likelier, the
 * embeddings being those of the output too.
 */
function copyFound(tensors: Tensors, config: TinyConfig): void {
  wireThrough(tensors, config, config.num_hidden_layers - 1, { to: 0, strength: 1.5 });
}

/**
 * Makes the first head of a layer read the first half of the residual's dimensions, one by one, and write them to
 * those from `to` on. What else it reads goes nowhere at first.
 */
function wireThrough(
  tensors: Tensors,
  config: TinyConfig,
  layer: number,
  { to, strength }: { to: number; strength: number },
): void {
  const width = config.hidden_size;
  const size = headSize(config);
  const prefix = `model.layers.${layer}.self_attn`;
  const values = tensors[`${prefix}.v_proj.weight`]?.data;
  const output = tensors[`${prefix}.o_proj.weight`]?.data;
  if (!values || !output) return;
  const attended = output.length / width;
  for (let out = 0; out < width; out++) output.fill(0, out * attended, out * attended + size);
  for (let at = 0; at < Math.min(width / 2, size); at++) {
    values.fill(0, at * width, (at + 1) * width);
    values[at * width + at] = 1;
    output[(to + at) * attended + at] = strength;
  }
}

/** Normal deviates by Box and Muller. */
function createNormal(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
    return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
  };
}
