/** What became of each sentence from one memory to the next. */
import { type Sentence, splitMemory } from './sentences.ts';

export type SentenceChange =
  | { kind: 'kept'; sentence: Sentence }
  | { kind: 'added'; sentence: Sentence }
  | { kind: 'removed'; sentence: Sentence }
  | { kind: 'rewritten'; before: Sentence; sentence: Sentence };

export interface MemoryChange {
  /** In the order of the new memory; what is gone stands where it was. */
  sentences: SentenceChange[];
  /** How much of both memories differs: 0 when nothing changed, 1 when nothing stayed. */
  share: number;
}

/** Sentences are taken for one that was rewritten when so much of their words is the same. */
const leastOverlap = 0.4;

/** Most sentences on either side among which rewritten ones are looked for. */
const mostPaired = 200;

/** Compares two memories sentence by sentence. */
export function compareMemories(before: string, after: string): MemoryChange {
  if (before === after) {
    return { sentences: splitMemory(after).map((sentence) => ({ kind: 'kept', sentence })), share: 0 };
  }
  const old = splitMemory(before);
  const now = splitMemory(after);
  const oldKeys = new Set(old.map(({ key }) => key));
  const nowKeys = new Set(now.map(({ key }) => key));
  const gone = old.filter(({ key }) => !nowKeys.has(key));
  const rewritten = pairRewritten(
    gone,
    now.filter(({ key }) => !oldKeys.has(key)),
  );
  const replaced = new Set(rewritten.values());

  const sentences: SentenceChange[] = [];
  let place = 0;
  const tellGone = (until: number): void => {
    for (; place < until; place += 1) {
      const sentence = old[place];
      if (sentence && !nowKeys.has(sentence.key) && !replaced.has(sentence)) {
        sentences.push({ kind: 'removed', sentence });
      }
    }
  };
  const placeOf = new Map(old.map(({ key }, index) => [key, index]));
  for (const sentence of now) {
    const from = rewritten.get(sentence);
    const known = placeOf.get((from ?? sentence).key);
    if (known !== undefined && known >= place) tellGone(known + 1);
    if (from) sentences.push({ kind: 'rewritten', before: from, sentence });
    else sentences.push({ kind: oldKeys.has(sentence.key) ? 'kept' : 'added', sentence });
  }
  tellGone(old.length);
  return { sentences, share: shareOf(sentences) };
}

/** Each new sentence with the old one that it was made from. */
function pairRewritten(gone: readonly Sentence[], added: readonly Sentence[]): Map<Sentence, Sentence> {
  const pairs = new Map<Sentence, Sentence>();
  if (gone.length > mostPaired || added.length > mostPaired) return pairs;
  const free = new Map(gone.map((sentence) => [sentence, wordsOf(sentence)]));
  for (const sentence of added) {
    const words = wordsOf(sentence);
    let best: { from: Sentence; overlap: number } | undefined;
    for (const [from, others] of free) {
      const overlap = words.intersection(others).size / words.union(others).size;
      if (overlap >= leastOverlap && overlap > (best?.overlap ?? 0)) best = { from, overlap };
    }
    if (best === undefined) continue;
    pairs.set(sentence, best.from);
    free.delete(best.from);
  }
  return pairs;
}

function wordsOf({ key }: Sentence): Set<string> {
  return new Set(key.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function shareOf(changes: readonly SentenceChange[]): number {
  let changed = 0;
  let all = 0;
  for (const change of changes) {
    const { length } = change.sentence.text;
    all += change.kind === 'kept' || change.kind === 'rewritten' ? 2 * length : length;
    if (change.kind === 'added' || change.kind === 'removed') changed += length;
    // Of a sentence that was rewritten, half counts as new.
    if (change.kind === 'rewritten') changed += length;
  }
  return all === 0 ? 0 : changed / all;
}
