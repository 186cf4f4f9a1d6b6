/** How several memories stand side by side in one prompt; the only place that knows the tags. */

const opening = '<memory>\n';
const closing = '\n</memory>';
const separator = `${closing}\n${opening}`;

/** Most tokens that the tags around one memory take, in any tokenizer: it has a byte for each. */
export const memoryTagTokens = opening.length + closing.length + 1;

/** Puts memories into one text, each between tags, in order. Counted in tokens as it is: tags are not free. */
export function joinMemories(memories: readonly string[]): string {
  return memories.length === 0 ? '' : opening + memories.join(separator) + closing;
}

/** The inverse of `joinMemories`; undefined for a text that it did not make. */
export function splitMemories(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith(opening) || !text.endsWith(closing)) return undefined;
  return text.slice(opening.length, -closing.length).split(separator);
}
