/**
 * Whether a reply is a fixed phrase that it was asked for. Tolerant to case, section marks, a final stop and
 * surrounding quotes, and to nothing else: a reply that adds anything of its own is another reply.
 */
export function isSamePhrase(reply: string, phrase: string): boolean {
  return bare(reply) === bare(phrase);
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s*\[\d[\d\s,–-]*\]/g, '')
    .replace(/^[\s"'“”„‘’«»]+/, '')
    .replace(/[\s"'“”„‘’«»]*\.?[\s"'“”„‘’«»]*$/, '');
}
