/** An example of a task, set off from the document that it precedes. */
export function workedExample(text: string, question: string, answer: string): string {
  return `An example comes first.\n\n${text}\n\nQuestion: ${question}\nAnswer: ${answer}\n\nThe example ends here. What follows is the text that counts.\n\n`;
}
