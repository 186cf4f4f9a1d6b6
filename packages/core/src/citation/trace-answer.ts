import { contentWords } from '../text/content-words.ts';
import { prepareEvidence } from './evidence.ts';
import { parseMarkedSentences } from './marked-sentences.ts';
import type { ParsedMark } from './parse-marks.ts';
import { supported } from './supported.ts';

/**
 * The marks that an answer without marks should carry: for each of its sentences those of the memory's
 * sentence that bears it out best, none where no sentence with a mark does.
 */
export function traceAnswer(input: {
  answer: string;
  question: string;
  memory: string;
  sections: number;
}): ParsedMark[] {
  const asked = new Set(contentWords(input.question));
  const memory = parseMarkedSentences(input.memory, input)
    .filter(({ marks }) => marks.length > 0)
    .map((remembered) => ({ ...remembered, evidence: prepareEvidence(remembered.text) }));
  return parseMarkedSentences(input.answer, input).flatMap(({ text }) => {
    const bearing = memory
      .map((remembered) => ({ remembered, support: supported(text, remembered.evidence, asked) }))
      .filter(({ support }) => support.supported)
      .toSorted((a, b) => b.support.score - a.support.score)[0];
    const marks = new Set(bearing?.remembered.marks.map(({ mark }) => mark));
    return [...marks].map((mark) => ({ mark, sentence: text, claim: text }));
  });
}
