/** The choices by letter, from A on. */
export function letterChoices(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [String.fromCharCode(65 + index), text]));
}

/** A question with its choices under it, as `(A) text`, and what the reply should be. */
export function listChoices(question: string, choices: Readonly<Record<string, string>>): string {
  const lines = Object.entries(choices).map(([letter, text]) => `(${letter}) ${text}`);
  return [question, '', ...lines, '', 'Answer with the letter of the right choice.'].join('\n');
}
