/** Counts tokens. The unit of every budget in a run. */
export interface Tokenizer {
  /** Stable name, part of a run's settings: `o200k_base`, `hf:<hash>`, `estimate`. */
  readonly name: string;
  /**
   * Whether `count` is the model's own count. An inexact tokenizer gives an upper bound that is corrected by
   * what servers report, see `calibrate`.
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
  /**
   * Inexact tokenizers only: learn from a call. `counted` is what `countPrompt` said, `reported` what the
   * server counted. Returns the new factor when it changed.
   */
  calibrate?(counted: number, reported: number): number | undefined;
  /**
   * Inexact tokenizers only: the fewest tokens that a server can report which read the whole prompt that
   * `countPrompt` counted as `counted`. Fewer mean that it cut the prompt.
   */
  leastReported?(counted: number): number;
  /** Inexact tokenizers only: the factor to restore when a run resumes. */
  factor?: number;
}

/** Counts by parts: for a text cut at seams, `tokens` of the parts' weights added up is `count` of the text. */
export interface PartCounter {
  weigh(part: string): Weight;
  tokens(weight: Weight): number;
}

/** What a text weighs, before factors and rounding: integers, so that the order of adding does not matter. */
export interface Weight {
  readonly base: number;
  readonly surcharge: number;
}

/** One message of a prompt: all that the reading agent sends. */
export interface PromptMessage {
  role: 'system' | 'user';
  content: string;
}
