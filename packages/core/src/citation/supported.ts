/**
 * Whether a section bears out a sentence, and where. A check of words, not of meaning: it finds a wrong number
 * or name and a sentence from nowhere. It does not see negation, who did what to whom, or a paraphrase that
 * shares under half of its words with the text.
 */
import { contentWords } from '../text/content-words.ts';
import { namesIn } from '../text/names-in.ts';
import { numbersIn } from '../text/numbers-in.ts';
import type { Span } from '../text/split-sentences.ts';
import { termsOf, wordsIn } from '../text/words.ts';
import { asNumber, type Evidence } from './evidence.ts';

/** The outcome of {@link supported}. */
export interface Support {
  supported: boolean;
  /** UTF-16 offsets in the section's text of the sentences that bear it out best, without white space around. */
  start: number;
  end: number;
  /** How much of the sentence (and, faintly, of the question) stands there; comparable for one sentence only. */
  score: number;
}

/** Evidence is looked for in so many consecutive sentences. */
const widestEvidence = 3;

/** What each thing found adds to a place's score, and what each sentence beyond the first costs. */
const worth = { required: 2, other: 1, asked: 0.25, extraSentence: 0.75 };

/**
 * A sentence is supported when its numbers and names, and at least half of its other content words, occur
 * within three consecutive sentences of the section. A sentence with nothing to check ("Yes.") is not.
 * The place returned is the best one also when unsupported. What was asked ranks places, it decides nothing.
 */
export function supported(sentence: string, evidence: Evidence, asked: ReadonlySet<string>): Support {
  const claim = claimOf(sentence);
  const { text, sentences } = evidence;
  const standing = termsBySentence(new Set([...claim.required, ...claim.others, ...asked]), evidence);
  let best: Support = { supported: false, start: 0, end: 0, score: -Infinity };
  for (const [first, { start }] of sentences.entries()) {
    // What begins with a sentence that adds nothing is never better than what begins after it.
    if (first > 0 && !standing.has(first)) continue;
    const terms = new Set<string>();
    for (let extra = 0; extra < widestEvidence; extra++) {
      const last = sentences[first + extra];
      if (!last) break;
      for (const term of standing.get(first + extra) ?? []) terms.add(term);
      const found = weigh(claim, terms);
      const score = found.score + worth.asked * countIn(asked, terms) - worth.extraSentence * extra;
      const better = found.supported === best.supported ? score > best.score : found.supported;
      if (better) best = { supported: found.supported, start, end: last.end, score };
    }
  }
  return { ...best, ...trim(text, best) };
}

/** Which of the wanted terms stand in which sentence, by its index. */
function termsBySentence(wanted: ReadonlySet<string>, { placesOf }: Evidence): Map<number, string[]> {
  const standing = new Map<number, string[]>();
  for (const term of wanted) {
    for (const index of placesOf(term)) {
      const terms = standing.get(index);
      if (terms) terms.push(term);
      else standing.set(index, [term]);
    }
  }
  return standing;
}

interface Claim {
  /** Terms of names, and numbers: all must be found. */
  required: ReadonlySet<string>;
  /** The other content words: half must be found. */
  others: ReadonlySet<string>;
}

function claimOf(sentence: string): Claim {
  const names = namesIn(sentence).flatMap((name) => wordsIn(name).flatMap(termsOf));
  const required = new Set([...names, ...numbersIn(sentence).map(asNumber)]);
  const others = new Set(
    contentWords(sentence).filter((term) => !required.has(term) && !/^[\d.,]+$/.test(term)),
  );
  return { required, others };
}

function weigh(
  { required, others }: Claim,
  terms: ReadonlySet<string>,
): { supported: boolean; score: number } {
  const named = countIn(required, terms);
  const told = countIn(others, terms);
  const checkable = required.size + others.size > 0;
  return {
    supported: checkable && named === required.size && told * 2 >= others.size,
    score: worth.required * named + worth.other * told,
  };
}

function countIn(wanted: ReadonlySet<string>, terms: ReadonlySet<string>): number {
  let count = 0;
  for (const term of wanted) if (terms.has(term)) count++;
  return count;
}

function trim(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const lead = part.length - part.trimStart().length;
  return { start: start + (lead === part.length ? 0 : lead), end: start + part.trimEnd().length };
}
