/**
 * The update gate: a section that adds nothing need not be answered with a copy of the memory. A template that
 * declares a phrase for that lets the model write the phrase instead; the memory then stands, letter for letter,
 * so that copying errors do not add up over the sections, and the reply costs a few tokens.
 */
import { isSamePhrase } from './same-phrase.ts';

/** Whether a reply is the template's phrase for keeping the memory, see `isSamePhrase`. Never without such a phrase. */
export function isKeep(reply: string, { keep }: { readonly keep?: string }): boolean {
  return keep !== undefined && isSamePhrase(reply, keep);
}
