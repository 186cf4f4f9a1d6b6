/**
 * Whether the memory kept hold of the evidence. A memory says by its section marks what it rests on, so the
 * evidence counts as held while the memory has a mark of a section that it lies in. That the words beside the
 * mark are the right ones is not looked at; the answer's own score tells.
 */
import type { RunEventBody } from '@memagent/core';
import type { EvidenceSpan } from '../item.ts';
import { sectionMarks } from './section-marks.ts';

export interface EvidenceRecall {
  /** Fraction of the evidence that some memory of the run held; null when that cannot be known. */
  ever: number | null;
  /** Fraction of the evidence that the last memory held. */
  atEnd: number | null;
}

export interface EvidenceRecallInput {
  /** The run's trace, in order. */
  events: Iterable<RunEventBody>;
  evidence: readonly EvidenceSpan[];
  /** Index of the source whose text the offsets of `evidence` refer to. Default: 0, the only one. */
  source?: number;
}

/**
 * The recall of a run. Null without evidence, and for strategies that write no memory. Evidence that a section
 * boundary cuts is held by a mark of either side; evidence that was never read is not held.
 */
export function evidenceRecall({ events, evidence, source = 0 }: EvidenceRecallInput): EvidenceRecall {
  const sections = evidence.map(() => new Set<number>());
  const ever = new Set<number>();
  let last: ReadonlySet<number> | undefined;
  for (const event of events) {
    if (event.type === 'section-start') {
      const spans = event.spans.filter((span) => span.source === source);
      evidence.forEach((wanted, index) => {
        if (spans.some((span) => overlaps(span, wanted))) sections[index]?.add(event.section);
      });
    } else if (event.type === 'memory-updated') {
      last = sectionMarks(event.memory);
      for (const mark of last) ever.add(mark);
    } else if (event.type === 'run-end' && last) {
      last = sectionMarks(event.result.memory);
    }
  }
  if (!last || evidence.length === 0) return { ever: null, atEnd: null };
  const atEnd = last;
  const recall = (marks: ReadonlySet<number>): number =>
    sections.filter((numbers) => [...numbers].some((number) => marks.has(number))).length / sections.length;
  return { ever: recall(ever), atEnd: recall(atEnd) };
}

/** Whether two stretches share a character. */
export function overlaps(a: EvidenceSpan, b: EvidenceSpan): boolean {
  return a.start < b.end && b.start < a.end;
}
