/** Shapes for tests: everything that the published shape has, quick to compile. */
import { defaultTinyConfig, type TinyConfig } from './tiny-config.ts';

/** 2 layers of width 16; the whole vocabulary, so that it reads the tiny tasks. */
export const smallTinyConfig: TinyConfig = {
  ...defaultTinyConfig,
  hidden_size: 16,
  intermediate_size: 24,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  head_dim: 10,
  sliding_window: 4,
};

/** The same in still smaller, with 24 tokens. */
export const leastTinyConfig: TinyConfig = {
  ...smallTinyConfig,
  vocab_size: 24,
  hidden_size: 8,
  intermediate_size: 8,
};

/** The same with three layers: a layer in the middle sees everything, and the last one does not. */
export const oddTinyConfig: TinyConfig = {
  ...smallTinyConfig,
  vocab_size: 24,
  num_hidden_layers: 3,
  layer_types: ['sliding_attention', 'full_attention', 'sliding_attention'],
};
