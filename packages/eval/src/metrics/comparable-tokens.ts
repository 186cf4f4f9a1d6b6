import { answerTokens } from './normalize-answer.ts';

/**
 * The words that strict and lenient matching compare: SQuAD's normalisation, except for an answer that it would
 * leave empty (`A`, `The The`, `!`): that one keeps its own words, or an empty prediction would equal it.
 */
export function comparableTokens(text: string): string[] {
  const tokens = answerTokens(text);
  return tokens.length > 0 ? tokens : text.toLowerCase().split(/\s+/).filter(Boolean);
}
