/** Core's seams (`Tokenizer.parts`): after a letter or digit, before white space or what ends a phrase. */
const seam = /^[\p{L}\p{N}][\p{White_Space},;!?…—“”«»、。，；：！？]$/u;

/** The last place where the tokens of a text on either side add up, or undefined. Never an end of the text. */
export function lastSeam(text: string): number | undefined {
  for (let index = text.length - 1; index > 0; index--) {
    if (seam.test(text.slice(index - 1, index + 1))) return index;
  }
  return undefined;
}
