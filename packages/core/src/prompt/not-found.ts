/**
 * A reader says that the document does not hold the answer with one fixed phrase, so that programs can tell
 * "not found" from an answer without judging words.
 */

import { isSamePhrase } from './same-phrase.ts';

/** The default template's phrase, and that of readers without a template. */
export const notFoundPhrase = 'The document does not say.';

/** Whether an answer is the template's not-found phrase, see `isSamePhrase`: one that adds anything counts as found. */
export function isNotFound(answer: string, template: { readonly notFound: string }): boolean {
  return isSamePhrase(answer, template.notFound);
}
