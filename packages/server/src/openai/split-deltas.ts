import { splitSentences } from '@memagent/core';

/** A text in the pieces in which it is streamed: its sentences, with what stands between them. */
export function splitDeltas(text: string): string[] {
  const starts = splitSentences(text).map(({ start }) => start);
  const cuts = [0, ...starts.slice(1), text.length];
  return cuts.slice(1).flatMap((end, index) => {
    const piece = text.slice(cuts[index], end);
    return piece === '' ? [] : [piece];
  });
}
