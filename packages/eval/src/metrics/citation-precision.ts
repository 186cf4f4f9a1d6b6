import type { Citation } from '@memagent/core';
import type { EvidenceSpan } from '../item.ts';
import { overlaps } from './evidence-recall.ts';

/**
 * The share of a run's citations that are supported and quote text that overlaps the evidence; null without
 * citations or without known evidence. For items whose document is one source.
 */
export function citationPrecision({
  citations,
  evidence,
}: {
  citations: readonly Pick<Citation, 'start' | 'end' | 'supported'>[];
  evidence: readonly EvidenceSpan[];
}): number | null {
  if (citations.length === 0 || evidence.length === 0) return null;
  const good = citations.filter(
    (citation) => citation.supported && evidence.some((span) => overlaps(span, citation)),
  );
  return good.length / citations.length;
}
