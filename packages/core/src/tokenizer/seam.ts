/**
 * A seam is a place in a text where tokenizers that split text into words before merging always begin a new
 * word, whatever stands around it: after a letter or digit, before white space or punctuation that ends a
 * phrase. Cut there, the counts of the parts add up to the count of the whole.
 *
 * Other punctuation would do for most texts, but occurs inside special tokens (`<|im_start|>`), which some
 * tokenizers look for first, and contractions (`it's`).
 */
const seam = /^[\p{L}\p{N}][\p{White_Space},;!?…—“”«»、。，；：！？]$/u;

/** Whether `index` is a seam. The ends of the text are none. */
export function isSeam(text: string, index: number): boolean {
  return index > 0 && index < text.length && seam.test(text.slice(index - 1, index + 1));
}

/** The last seam in `(from, to]`, anywhere in the text by default, or undefined. */
export function lastSeam(text: string, from = 0, to = text.length): number | undefined {
  for (let index = to; index > from; index--) {
    if (isSeam(text, index)) return index;
  }
  return undefined;
}
