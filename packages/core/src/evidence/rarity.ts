/**
 * How rare terms are in text at large: a count-min sketch (Cormode and Muthukrishnan 2005) of the share of
 * sentences that hold a term, kept as inverse document frequencies of one byte. Part of the weights: it is
 * counted on the training paragraphs. What was read of the document itself is added with `blendRarity`.
 */
import { mixHash } from './term-hash.ts';

/** Rows of the sketch, and slots of a row. */
export const rarityShape = Object.freeze({ rows: 2, slots: 65_536 });

/** One step of the byte, in nats. */
const nats = 1 / 20;

/** Sentences that the sketch counts for when the document's own are added to it. */
export const priorSentences = 2000;

/** The rarity of a term in nats: 0 for one in every sentence. */
export function rarityOf(term: number, sketch: Uint8Array): number {
  let rarest = 0;
  for (let row = 0; row < rarityShape.rows; row++) {
    const code = sketch[slotOf(term, row)] ?? 0;
    if (code > rarest) rarest = code;
  }
  return rarest * nats;
}

/** The rarity of a term that stands in `count` of the document's `sentences` read so far. */
export function blendRarity(prior: number, count: number, sentences: number): number {
  const all = sentences + priorSentences + 1;
  return Math.max(0, Math.log(all / (count + expectedCount(prior) + 0.5)));
}

/** In how many of `priorSentences` a term of this rarity stands. */
export function expectedCount(prior: number): number {
  return priorSentences * Math.exp(-prior);
}

/** The sketch of a corpus, given its sentences, each as its distinct terms. */
export function sketchRarity(sentences: Iterable<Iterable<number>>): Uint8Array {
  const counts = new Uint32Array(rarityShape.rows * rarityShape.slots);
  let total = 0;
  for (const terms of sentences) {
    total++;
    for (const term of terms) {
      for (let row = 0; row < rarityShape.rows; row++) {
        const slot = slotOf(term, row);
        counts[slot] = (counts[slot] ?? 0) + 1;
      }
    }
  }
  return Uint8Array.from(counts, (count) =>
    Math.max(0, Math.min(255, Math.round(Math.log((total + 1) / (count + 0.5)) / nats))),
  );
}

function slotOf(term: number, row: number): number {
  return row * rarityShape.slots + (mixHash(term, row + 1) & (rarityShape.slots - 1));
}
