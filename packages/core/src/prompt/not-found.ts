/**
 * A reader says that the document does not hold the answer with one fixed phrase, so that programs can tell
 * "not found" from an answer without judging words.
 */

/** The default template's phrase, and that of readers without a template. */
export const notFoundPhrase = 'The document does not say.';

/**
 * Whether an answer is the template's not-found phrase. Tolerant to case, section marks, a final stop and
 * surrounding quotes, and to nothing else: an answer that adds anything of its own counts as found.
 */
export function isNotFound(answer: string, template: { readonly notFound: string }): boolean {
  return bare(answer) === bare(template.notFound);
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s*\[\d[\d\s,–-]*\]/g, '')
    .replace(/^[\s"'“”„‘’«»]+/, '')
    .replace(/[\s"'“”„‘’«»]*\.?[\s"'“”„‘’«»]*$/, '');
}
