/**
 * Builds a document of a wanted length: filler, and among it the inserts (needles, paragraphs), each at its
 * depth. The length comes out exactly: at most the limit, and less than one filler below it.
 *
 * One pass plans: it makes the document, weighs it and remembers only how many fillers stand before each
 * insert. The document is then made again from that, as often as it is read (replay-document.ts).
 */
import { MemagentError } from '@memagent/core';
import type { EvidenceSpan } from '../item.ts';
import { type DocumentPlan, leadOf, replayDocument } from './replay-document.ts';
import type { TokenMeter } from './token-meter.ts';

export interface Insert {
  text: string;
  /** Share of the document that stands before it: 0 to 1. */
  depth: number;
}

export interface FillOptions {
  /** Begins the document. Ends as it should stand before the first unit. */
  head?: string;
  /** Units of filler without end, the same each time. */
  filler: () => Iterable<string>;
  inserts: readonly Insert[];
  /** Between two units, filler or insert. */
  joiner: string;
  /** Stands before the unit with this 1-based number. */
  label?: (number: number) => string;
  /** What ends the document: tokens by the meter, or units in all, inserts included. */
  limit: { tokens: number } | { units: number };
  /** A fresh one. */
  meter: TokenMeter;
}

/** A document that can be made again. */
export interface FilledDocument {
  pieces: () => Iterable<string>;
  /** By the meter. */
  tokens: number;
  /** UTF-16 units. */
  characters: number;
  /** Units of filler. */
  fillers: number;
  /** Where the inserts stand, in the order in which they were given, labels left out. */
  spans: EvidenceSpan[];
}

/** More tokens than any tokenizer makes of a UTF-16 unit, and than it adds where two texts are joined. */
const mostPer = Object.freeze({ unit: 10, joint: 16 });

/** Defined here, since a closure made below would keep the meter with the plan. */
const noLabel = (): string => '';

/** Plans a document. Throws `invalid-option` if the limit does not hold the inserts. */
export function fillDocument(options: FillOptions): FilledDocument {
  const { head = '', filler, joiner, label = noLabel, limit, meter } = options;
  const inserts = options.inserts.toSorted((one, other) => one.depth - other.depth);
  const plan: DocumentPlan = { head, filler, joiner, label, inserts, fillers: 0, fillersBefore: [] };
  const spans = new Map<Insert, EvidenceSpan>();
  let characters = head.length;

  const placed = (): number => plan.fillersBefore.length;
  const units = (): number => plan.fillers + placed();
  const remaining = (unitsBefore: number): string =>
    inserts
      .slice(placed())
      .map(({ text }, index) => leadOf(plan, unitsBefore + index) + text)
      .join('');

  function place(text: string): EvidenceSpan {
    const lead = leadOf(plan, units());
    meter.add(lead);
    meter.add(text);
    characters += lead.length + text.length;
    return { start: characters - text.length, end: characters };
  }

  function placeInserts(progress: number): void {
    for (let next = inserts[placed()]; next && next.depth <= progress; next = inserts[placed()]) {
      spans.set(next, place(next.text));
      plan.fillersBefore.push(plan.fillers);
    }
  }

  meter.add(head);
  const costs = inserts.map(({ text }) => meter.tokens(joiner + text) - meter.tokens() + mostPer.joint);
  requireRoom(limit, inserts.length, meter.tokens(remaining(0)));

  /** Whether all that must still come finds room after `text`. Counted only where a bound does not tell. */
  function hasRoom(text: string, used: number): boolean {
    if ('units' in limit) return plan.fillers + inserts.length < limit.units;
    const lead = leadOf(plan, units());
    const bound = costs.slice(placed()).reduce((sum, cost) => sum + cost, used + mostPer.joint);
    if (bound + mostPer.unit * (lead.length + text.length) <= limit.tokens) return true;
    return meter.tokens(lead + text + remaining(units() + 1)) <= limit.tokens;
  }

  for (const text of filler()) {
    placeInserts('units' in limit ? units() / limit.units : meter.tokens() / limit.tokens);
    if (!hasRoom(text, meter.tokens())) {
      // A document of nothing is none.
      requireRoom(limit, 1, units() > 0 ? 0 : meter.tokens(text));
      break;
    }
    place(text);
    plan.fillers++;
  }
  placeInserts(Number.POSITIVE_INFINITY);

  return {
    pieces: replayDocument(plan),
    tokens: meter.tokens(),
    characters,
    fillers: plan.fillers,
    spans: options.inserts.map((insert) => spans.get(insert) as EvidenceSpan),
  };
}

function requireRoom(limit: FillOptions['limit'], inserts: number, tokens: number): void {
  const [wanted, least, unit] =
    'units' in limit ? [limit.units, inserts, 'paragraphs'] : [limit.tokens, tokens, 'tokens'];
  if (least <= wanted) return;
  throw new MemagentError(
    `Cannot make a document of ${wanted} ${unit}: what it must hold takes ${least}. Ask for at least ${least} ${unit}.`,
    { code: 'invalid-option', data: { wanted, least } },
  );
}
