/** One place of the document that the answer points to, by a mark such as `[12]`. */
export interface Citation {
  /** The number in the mark: the 1-based section of the run. */
  mark: number;
  /** Name of the source, empty when the section does not exist. */
  source: string;
  /** Page of the source; null where it has none. */
  page: number | null;
  /** UTF-16 offsets of `text` in the source's extracted text, end exclusive. */
  start: number;
  end: number;
  /** The quoted text, exactly as it stands there; empty when the section does not exist. */
  text: string;
  /** Whether the section bears out the sentence that carries the mark, see `supported`. */
  supported: boolean;
  /** The sentence of the answer that carries the mark. */
  sentence: string;
  /** The value of a structured answer that it stands for, as a JSON Pointer: `/author/name`. */
  field?: string;
}
