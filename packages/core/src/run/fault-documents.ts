/**
 * Documents for the fault run: stretches of a real book, each with one invented fact in it and a question that
 * only this fact answers. Every eighth has none, so that "not found" has to survive the faults too.
 */

export interface FaultDocument {
  question: string;
  text: string;
  /** What a right answer holds; undefined where the document does not hold the fact. */
  expected: string | undefined;
}

export interface FaultDocumentsOptions {
  /** What the documents are cut from. */
  book: string;
  count: number;
  /** Length of a document in characters: at least the first, below the second. */
  lengths: readonly [number, number];
  seed: number;
}

const firstNames = ['Ilya', 'Agafya', 'Maxim', 'Tikhon', 'Ulyana', 'Semyon', 'Yefim'];
const lastNames = ['Brandt', 'Zharov', 'Lunde', 'Vihola', 'Osokin', 'Peregud'];
const trades = ['watchmaker', 'bookbinder', 'ferryman', 'glassblower', 'beekeeper'];
const goods = ['barometers', 'sledges', 'lanterns', 'mandolins', 'beehives'];

/** The same options always give the same documents. */
export function createFaultDocuments({
  book,
  count,
  lengths: [least, most],
  seed,
}: FaultDocumentsOptions): FaultDocument[] {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    const length = least + below(most - least);
    const text = cutParagraphs(book, below(book.length - length), length);
    const person = `the ${pick(trades)} ${pick(firstNames)} ${pick(lastNames)}`;
    const thing = pick(goods);
    const question = `How many ${thing} were sold in Kolomna by ${person}?`;
    if (index % 8 === 7) return { question, text, expected: undefined };
    const expected = String(2000 + 7 * index);
    const fact = `In that year ${expected} ${thing} were sold in Kolomna by ${person}.`;
    return { question, text: plant(text, fact, below(text.length)), expected };
  });
}

/** Whole paragraphs, about `length` characters from about `start` on. */
function cutParagraphs(book: string, start: number, length: number): string {
  const from = book.indexOf('\n\n', start) + 2;
  const to = book.indexOf('\n\n', from + length);
  return book.slice(from, to === -1 ? undefined : to);
}

/** Puts a paragraph behind the one that holds `index`. */
function plant(text: string, paragraph: string, index: number): string {
  const end = text.indexOf('\n\n', index);
  return end === -1 ? `${text}\n\n${paragraph}` : `${text.slice(0, end)}\n\n${paragraph}${text.slice(end)}`;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32, Tommy Ettinger, public domain). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
