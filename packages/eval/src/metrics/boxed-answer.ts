/** Typesetting around all of the content: `\text{Paris}`. */
const typeset = /^\\(?:text|textbf|textit|textrm|mathrm|mathbf)\{([^{}]*)\}$/;

/**
 * The content of the last complete `\boxed{…}`, braces inside balanced and `\text{…}` around it taken off;
 * undefined when there is none. `\{` and `\}` are no braces.
 */
export function boxedAnswer(text: string): string | undefined {
  const opening = '\\boxed{';
  for (const { index } of [...text.matchAll(/\\boxed\{/g)].toReversed()) {
    const start = index + opening.length;
    const end = closingBrace(text, start);
    if (end !== undefined) return text.slice(start, end).trim().replace(typeset, '$1');
  }
  return undefined;
}

function closingBrace(text: string, start: number): number | undefined {
  let depth = 1;
  for (const { 0: token, index } of text.slice(start).matchAll(/\\[\s\S]|[{}]/g)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth === 0) return start + index;
  }
  return undefined;
}
