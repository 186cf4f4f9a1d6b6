/** Observations for the tests of the backend: real steps on small texts. */
import { createTiktokenTokenizer } from '@memagent/core';
import {
  createLexicon,
  type EvidenceObservation,
  evidenceSentences,
  prepareEvidenceStep,
  sketchRarity,
} from '@memagent/core/evidence';

const texts = [
  'Dark Harbour\nDark Harbour is a film by Mira Kessler. The film was long. It was shown in Linz.',
  'Mira Kessler\nMira Kessler was born in Graz. She died in Linz. Her brother built boats in Graz.',
  'Karl Holm\nKarl Holm directed the film Bright River in 1931. He was born in Skagen. He kept cats.',
];

/** The rarity sketch of the texts. */
export const sampleSketch = sketchRarity(
  texts.flatMap((text) => evidenceSentences(text, 1, createLexicon()).map(({ terms }) => new Set(terms))),
);

/** An observation of the first `paragraphs` paragraphs with a memory of so many tokens. */
async function observe(
  question: string,
  paragraphs: number,
  memoryTokens: number,
): Promise<EvidenceObservation> {
  const tokenizer = await createTiktokenTokenizer('o200k_base');
  const window = {
    window: 8192,
    sectionTokens: 5000,
    memoryTokens,
    outputTokens: 1024,
    questionTokens: 1024,
    mergeTokens: 5000,
    evidenceTokens: 5000,
    overhead: { update: 0, merge: 0, answer: 0 },
  };
  const input = {
    question,
    memories: [{ text: 'Mira Kessler sold the old film in Graz. [1]' }],
    section: { number: 2, text: texts.slice(0, paragraphs).join('\n\n') },
  };
  return prepareEvidenceStep(input, { lexicon: createLexicon(), sketch: sampleSketch }, { tokenizer, window })
    .observation;
}

/** Four that differ in question, candidates and budget. */
export const sampleObservations: readonly EvidenceObservation[] = await Promise.all([
  observe('Where was the director of the film Dark Harbour born?', 3, 60),
  observe('Who directed Bright River?', 2, 200),
  observe('In which year did Karl Holm direct a film?', 3, 34),
  observe('Did Mira Kessler and Karl Holm both make a film?', 1, 90),
]);
