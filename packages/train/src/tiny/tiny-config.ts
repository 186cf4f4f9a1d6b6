/**
 * The shape of the tiny language model, in the words of Hugging Face's `Qwen2Config`: what stands in `config.json`
 * is what is computed here, so other tools can load the weights.
 */
import { MemagentError } from '@memagent/core';
import { z } from 'zod';
import { endId, keepId, padId, vocabulary } from './vocabulary.ts';

const count = z.int().positive();

/** The part of `config.json` that decides what is computed. Other entries are kept out of the way. */
export const tinyConfigSchema = z.looseObject({
  model_type: z.literal('qwen2'),
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  /** Size of a head. Default: `hidden_size / num_attention_heads`. */
  head_dim: count.optional(),
  hidden_act: z.literal('silu'),
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive(),
  max_position_embeddings: count,
  tie_word_embeddings: z.literal(true),
  /** Tokens that a sliding layer sees, the present one included. */
  sliding_window: count,
  use_sliding_window: z.literal(true),
  layer_types: z.array(z.enum(['sliding_attention', 'full_attention'])),
  /** Tokens that end a reply: `<end>`, and the one that keeps the memory, which is a whole reply by itself. */
  eos_token_id: z.array(z.int().nonnegative()),
});

/** The shape of a model, see {@link tinyConfigSchema}. */
export type TinyConfig = z.output<typeof tinyConfigSchema>;

/** The size of a head, which may be larger than its share of the width. */
export function headSize({ hidden_size, num_attention_heads, head_dim }: TinyConfig): number {
  return head_dim ?? hidden_size / num_attention_heads;
}

/**
 * The published shape: 110,912 parameters. The first layer sees the last 6 tokens, which is all that it takes to
 * know which fact a word belongs to, and makes reading twice as fast; the second layer sees everything.
 */
export const defaultTinyConfig: TinyConfig = {
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  vocab_size: vocabulary.length,
  hidden_size: 64,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  head_dim: 64,
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  max_position_embeddings: 512,
  tie_word_embeddings: true,
  sliding_window: 6,
  use_sliding_window: true,
  max_window_layers: 0,
  layer_types: ['sliding_attention', 'full_attention'],
  attention_dropout: 0,
  initializer_range: 0.125,
  bos_token_id: null,
  eos_token_id: [endId, keepId],
  pad_token_id: padId,
  torch_dtype: 'float32',
  use_cache: true,
};

/** Checks the content of a `config.json`. Throws `bad-checkpoint`. */
export function parseTinyConfig(content: unknown, name: string): TinyConfig {
  const { data, error } = tinyConfigSchema.safeParse(content);
  const problem = error ? z.prettifyError(error) : data && shapeProblem(data);
  if (data && problem === undefined) return data;
  throw new MemagentError(`${name} does not describe a tiny model: ${problem}`, {
    code: 'bad-checkpoint',
    data: { path: name },
  });
}

function shapeProblem(config: TinyConfig): string | undefined {
  const { hidden_size: width, num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  if (headSize(config) % 2 !== 0) {
    return `a head must have an even size; hidden_size ${width} over ${heads} heads is ${headSize(config)}`;
  }
  if (keyHeads !== heads) return `num_key_value_heads ${keyHeads} must equal num_attention_heads ${heads}`;
  if (config.layer_types.length !== config.num_hidden_layers) {
    return `layer_types names ${config.layer_types.length} layers of ${config.num_hidden_layers}`;
  }
  return undefined;
}
