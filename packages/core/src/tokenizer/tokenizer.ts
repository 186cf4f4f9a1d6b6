import type { Weight } from './weight.ts';

/** Counts tokens. The unit of every budget in a run. */
export interface Tokenizer {
  /** Stable name, part of a run's settings: `o200k_base`, `hf:<hash>`, `estimate`. */
  readonly name: string;
  /**
   * Whether `count` is the model's own count. An inexact tokenizer gives an upper bound that is corrected by
   * what servers report, see `learner`.
   */
  readonly exact: boolean;
  /** Number of tokens of `text`, without special tokens. Never throws; what is unknown counts as 1 token. */
  count(text: string): number;
  /**
   * Number of tokens of a whole chat prompt, the template's own tokens and the generation prompt included.
   * Exact when the chat template is known, otherwise an upper bound.
   */
  countPrompt(messages: readonly PromptMessage[]): number;
  /** Present when no token ever spans a seam (see `isSeam`), so that a text can be counted part by part. */
  readonly parts?: PartCounter;
  /** Inexact tokenizers only. */
  readonly learner?: TokenLearner;
}

/** How an inexact tokenizer is corrected by what servers count. */
export interface TokenLearner {
  /** The fewest tokens that a server can report which read the whole prompt. Fewer mean that it cut the prompt. */
  least(messages: readonly PromptMessage[]): number;
  /** What is to be learned of a server that counted `reported` tokens. */
  report(messages: readonly PromptMessage[], reported: number): TokenReport;
  /** The tokenizer that knows one more report; this one stays as it is. The order of reports matters. */
  learn(report: TokenReport): Tokenizer;
}

/** A prompt's weight and the server's count of its tokens: plain JSON, kept with the step that it was sent for. */
export interface TokenReport {
  weight: Weight;
  reported: number;
}

/** Counts by parts: for a text cut at seams, `tokens` of the parts' weights added up is `count` of the text. */
export interface PartCounter {
  weigh(part: string): Weight;
  tokens(weight: Weight): number;
}

/** One message of a prompt: all that the reading agent sends. */
export interface PromptMessage {
  role: 'system' | 'user';
  content: string;
}
