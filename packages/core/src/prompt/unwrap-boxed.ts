const opening = '\\boxed{';

/** The content of the last complete `\boxed{…}` with balanced braces; undefined when there is none. */
export function boxedContent(text: string): string | undefined {
  for (
    let at = text.lastIndexOf(opening);
    at !== -1;
    at = at === 0 ? -1 : text.lastIndexOf(opening, at - 1)
  ) {
    const start = at + opening.length;
    const end = closingBrace(text, start);
    if (end !== -1) return text.slice(start, end).trim();
  }
  return undefined;
}

/**
 * What stands in the last `\boxed{…}`, or the text as it is when there is none. Models trained on mathematics,
 * the published MemAgent checkpoints among them, put their answers there.
 */
export function unwrapBoxed(text: string): string {
  return boxedContent(text) ?? text;
}

/** Where the brace opened just before `start` is closed; -1 if it is not. `\{` and `\}` are no braces. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '{') depth += 1;
    else if (char === '}' && --depth === 0) return at;
  }
  return -1;
}
