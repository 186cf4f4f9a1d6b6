/** One program that reads documents with a model, for the comparison in `throughput.ts`. */

/** A document to read. */
export interface BenchDocument {
  question: string;
  text: string;
  /** The text cut beforehand into pieces of 5,000 tokens, for contestants that are spared the cutting. */
  sections: readonly string[];
}

export interface Contestant {
  readonly name: string;
  /** Reads one document and returns the number of model calls. May be called many times at once. */
  read(document: BenchDocument): Promise<number>;
  close?(): Promise<void>;
}

/** How every contestant asks: so that the requests are alike. */
export const sampling = Object.freeze({ temperature: 0.7, topP: 0.95, maxTokens: 1024 });

/** Tokens of a section, of the encoding `o200k_base`. */
export const sectionTokens = 5000;
