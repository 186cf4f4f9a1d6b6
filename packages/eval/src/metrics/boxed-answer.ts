import { boxedContent } from '@memagent/core';

/** Typesetting around all of the content: `\text{Paris}`. */
const typeset = /^\\(?:text|textbf|textit|textrm|mathrm|mathbf)\{([^{}]*)\}$/;

/** The content of the last complete `\boxed{…}`, `\text{…}` around it taken off; undefined without a box. */
export function boxedAnswer(text: string): string | undefined {
  return boxedContent(text)?.replace(typeset, '$1');
}
