/**
 * A tiktoken encoding: how text is split into pieces, and the vocabulary that each piece is merged into.
 * The vocabularies come with gpt-tokenizer; the counting is ours, since that package's merge takes time
 * quadratic in the length of a piece (half a second for 16,000 Han characters without punctuation), its cache
 * keeps whole documents alive, and JavaScript's `\s` differs from tiktoken's for byte order marks.
 */
export interface Encoding {
  readonly ranks: RankIndex;
  /** Source of a Unicode regular expression whose successive matches are the pieces. */
  readonly pattern: string;
}

/** Rank of each token by its bytes, written as a string with one character per byte. */
export type RankIndex = ReadonlyMap<string, number>;

/** Indexes a vocabulary given in the order of its ranks; tokens are texts or, where not valid UTF-8, bytes. */
export function indexRanks(tokens: readonly (string | readonly number[])[]): RankIndex {
  const ranks = new Map<string, number>();
  // Some vocabularies have holes, which forEach passes over.
  tokens.forEach((token, rank) => ranks.set(toBytes(token), rank));
  return ranks;
}

// eslint-disable-next-line no-control-regex -- ASCII is defined by its code points
const nonAscii = /[^\0-\x7f]/;

/** The UTF-8 bytes of a text as a string with one character per byte. */
export function toBytes(text: string | readonly number[]): string {
  if (typeof text !== 'string') return Buffer.from(text).toString('latin1');
  return nonAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
