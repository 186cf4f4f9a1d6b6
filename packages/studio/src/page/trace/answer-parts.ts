/** An answer in parts: which of its words a citation vouches for, and where its marks stand. */
import type { Citation } from '@memagent/core';
import { type MarkedPiece, splitAtMarks } from './sentences.ts';

export interface AnswerPart {
  /** As it stands in the answer; the parts join to it. */
  pieces: MarkedPiece[];
  citations: Citation[];
  /**
   * `supported`: a citation bears it out; `unsupported`: it has citations, and none does; `uncited`: it says
   * something and has none; `none`: nothing to check.
   */
  support: 'supported' | 'unsupported' | 'uncited' | 'none';
}

/** Cuts an answer into the sentences that its citations name, and what stands between them. */
export function partsOfAnswer(answer: string, citations: readonly Citation[]): AnswerPart[] {
  const { plain, places } = withoutMarks(answer);
  const bySentence = Map.groupBy(citations, ({ sentence }) => sentence);
  const found = [...bySentence]
    .map(([sentence, cited]) => ({ cited, ...findWords(plain, sentence) }))
    .filter(({ start }) => start >= 0)
    .toSorted((a, b) => a.start - b.start);
  const parts: AnswerPart[] = [];
  let position = 0;
  const push = (until: number, cited: Citation[]): void => {
    const text = answer.slice(position, until);
    if (text === '') return;
    parts.push({ pieces: splitAtMarks(text), citations: cited, support: supportOf(text, cited) });
    position = until;
  };
  for (const { start, end, cited } of found) {
    const from = places[start] ?? answer.length;
    if (from < position) continue;
    push(from, []);
    // The marks behind a sentence belong to it.
    const words = (places[end - 1] ?? answer.length - 1) + 1;
    const marks = /^(?:\s*\[[\d\s,;–-]+\])*/.exec(answer.slice(words))?.[0].length ?? 0;
    push(words + marks, cited);
  }
  push(answer.length, []);
  return parts;
}

function supportOf(text: string, citations: readonly Citation[]): AnswerPart['support'] {
  if (citations.length > 0) return citations.some(({ supported }) => supported) ? 'supported' : 'unsupported';
  return /\p{L}/u.test(text) ? 'uncited' : 'none';
}

/** The answer without marks and white space, and where each of its characters stands in it. */
function withoutMarks(answer: string): { plain: string; places: number[] } {
  let plain = '';
  const places: number[] = [];
  let position = 0;
  for (const piece of splitAtMarks(answer)) {
    if (piece.kind === 'text') {
      for (let index = 0; index < piece.text.length; index += 1) {
        const character = piece.text[index] ?? '';
        if (/\s/.test(character)) continue;
        plain += character;
        places.push(position + index);
      }
    }
    position += piece.text.length;
  }
  return { plain, places };
}

function findWords(plain: string, sentence: string): { start: number; end: number } {
  const words = sentence.replace(/\s+/g, '');
  const start = words === '' ? -1 : plain.indexOf(words);
  return { start, end: start + words.length };
}
