import { expect, test } from 'vitest';
import { parseEvidenceQuestion } from './evidence-question.ts';
import { evidenceSentences } from './evidence-sentence.ts';
import { addHops, bestOf, type Match, masksOf, masksOfParagraphs, matchSentence } from './match-sentences.ts';
import { createLexicon } from './term-hash.ts';

const lexicon = createLexicon();
const question = parseEvidenceQuestion('Who directed Dark Harbour?', lexicon);
const weights = question.terms.map(() => 5);

function matchesIn(text: string): Match[] {
  return evidenceSentences(text, 1, lexicon).map((sentence) =>
    matchSentence(sentence, masksOf(sentence, question), question, weights, false),
  );
}

test('what shares no term with the question is never chosen, however few do', () => {
  const noise = Array.from({ length: 400 }, (_, line) => `It rained on hill ${line}.`).join('\n\n');
  const best = bestOf(matchesIn(`${noise}\n\nMira Kessler directed Dark Harbour.`), 48);
  expect(best.map(({ sentence }) => sentence.raw)).toEqual(['Mira Kessler directed Dark Harbour.']);
});

test('the best come first, and no more than asked for', () => {
  const matches = matchesIn(
    'Holm directed a play.\n\nMira Kessler directed Dark Harbour.\n\nThe harbour is old.',
  );
  const best = bestOf(matches, 2);
  expect(best.map(({ sentence }) => sentence.raw.slice(0, 4))).toEqual(['Mira', 'Holm']);
});

test('a sentence knows what its whole paragraph holds, and of no other', () => {
  const text = 'Kessler made a film. Its harbour was dark. It rained.\n\nThe sun shone. Holm directed.';
  const masks = masksOfParagraphs(evidenceSentences(text, 1, lexicon), question);
  const bits = (words: string): number =>
    words
      .split(' ')
      .reduce((mask, word) => mask | (1 << (question.bits.get(lexicon(word)[0] ?? 0) ?? 31)), 0);
  expect(masks.map(({ around }) => around)).toEqual([
    ...Array.from({ length: 3 }, () => bits('harbour dark')),
    ...Array.from({ length: 2 }, () => bits('directed')),
  ]);
  expect(masks[2]?.own).toBe(0);
});

test('names of the best sentences speak for others that hold them', () => {
  const matches = matchesIn(
    'Mira Kessler directed Dark Harbour.\n\nKessler lives in Graz.\n\nHolm lives in Linz.',
  );
  const [, second, third] = matches;
  addHops(matches, question, () => 4);
  expect(second?.hop).toBeGreaterThan(0);
  expect(third?.hop).toBe(0);
});
