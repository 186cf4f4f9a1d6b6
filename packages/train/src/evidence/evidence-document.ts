/**
 * Documents for questions: the question's own paragraphs among others, in random order. A shorter document's
 * paragraphs are all in a longer one of the same seed, in the same order, so that lengths are compared on the same
 * questions and evidence. A pool that is used up begins again, in another order.
 */
import { createRandom, type Random } from '@memagent/eval';
import type { EvidenceParagraph, EvidenceQuestionRow } from './evidence-data.ts';
import { createAnswerFilter } from './evidence-reward.ts';

export interface EvidenceDocument {
  text: string;
  /** Paragraphs of the pool that stand in it more than once. */
  recycled: number;
}

export interface DocumentRequest {
  row: EvidenceQuestionRow;
  pool: readonly EvidenceParagraph[];
  /** Paragraphs in all, the question's own among them. */
  paragraphs: number;
  /** Paragraphs of the pool that are to be in it. */
  chosen?: readonly EvidenceParagraph[];
  /** Leave the titles out. */
  untitled?: boolean;
  /** Leave out paragraphs that hold an answer. */
  filtered: boolean;
  seed: string;
}

export function makeEvidenceDocument({
  row,
  pool,
  paragraphs,
  chosen = [],
  untitled = false,
  filtered,
  seed,
}: DocumentRequest): EvidenceDocument {
  const places = createRandom(`places ${seed} ${row.id}`);
  const random = createRandom(`paragraphs ${seed} ${row.id}`);
  const holdsAnswer = createAnswerFilter(row.answers);
  const isFree = ({ title, text }: EvidenceParagraph): boolean =>
    !filtered || !holdsAnswer(`${title}\n${text}`);
  const supporting = row.paragraphs.filter((one) => one.supporting);
  const misleading = row.paragraphs.filter((one) => !one.supporting && isFree(one));
  const ownTexts = new Set(row.paragraphs.map(({ text }) => text));
  const wanted = chosen.filter((one) => !ownTexts.has(one.text) && isFree(one));
  const own = [...supporting, ...misleading, ...wanted].slice(0, Math.max(supporting.length, paragraphs));
  const missing = Math.max(0, paragraphs - own.length);
  const placed = own.map((paragraph) => ({ place: places.fraction(), paragraph }));
  const { drawn, recycled } = draw(
    pool,
    missing,
    random,
    (one) => !ownTexts.has(one.text) && !wanted.includes(one) && isFree(one),
  );
  for (const paragraph of drawn) placed.push({ place: places.fraction(), paragraph });
  const text = placed
    .toSorted((a, b) => a.place - b.place)
    .map(({ paragraph }) => (untitled ? paragraph.text : paragraphText(paragraph)))
    .join('\n\n');
  return { text, recycled };
}

/** How a paragraph stands in a document. */
export function paragraphText({ title, text }: EvidenceParagraph): string {
  return title === '' ? text : `${title}\n${text}`;
}

function draw(
  pool: readonly EvidenceParagraph[],
  count: number,
  random: Random,
  accept: (paragraph: EvidenceParagraph) => boolean,
): { drawn: EvidenceParagraph[]; recycled: number } {
  const drawn: EvidenceParagraph[] = [];
  let first: number | undefined;
  while (drawn.length < count) {
    const before = drawn.length;
    // Drawn one by one: a short document needs few of a large pool.
    const order = shuffleLazily(pool, random);
    for (const paragraph of order) {
      if (drawn.length === count) break;
      if (accept(paragraph)) drawn.push(paragraph);
    }
    if (drawn.length === before) break;
    first ??= drawn.length;
  }
  return { drawn, recycled: drawn.length - Math.min(drawn.length, first ?? 0) };
}

function* shuffleLazily<Item>(items: readonly Item[], random: Random): Generator<Item> {
  const rest = [...items];
  for (let index = 0; index < rest.length; index++) {
    const other = random.between(index, rest.length - 1);
    const item = rest[other] as Item;
    rest[other] = rest[index] as Item;
    yield item;
  }
}
