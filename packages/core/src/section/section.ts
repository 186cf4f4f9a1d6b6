import type { SourceSpan } from '../source/source.ts';

/** A stretch of a source inside a section. */
export interface SectionSpan extends SourceSpan {
  /** Where this stretch begins in the section's `text`. */
  textStart: number;
}

/**
 * What one reading step sees of the document: the next stretch of text, at most so many tokens long.
 * Small files are packed together, each announced by a line with its name; those lines belong to no span.
 */
export interface Section {
  /** 1-based number in the run; the mark `[12]` points to section 12. */
  number: number;
  /** Exact number of tokens of `text` by the run's tokenizer. */
  tokens: number;
  text: string;
  /** Which stretches of which sources `text` is made of, in order. */
  spans: SectionSpan[];
}
