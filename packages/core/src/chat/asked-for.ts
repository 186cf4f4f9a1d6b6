import type { FoundDocument } from './find-document.ts';

/** What a document is read for: the question, after the chat's instructions where it has room for them. */
export function askedFor(
  { instructions, question }: FoundDocument,
  fitsQuestion: (text: string) => boolean,
): string {
  const both = `${instructions}\n\n${question}`;
  return instructions !== '' && fitsQuestion(both) ? both : question;
}
