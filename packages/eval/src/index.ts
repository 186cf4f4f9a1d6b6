export type { EvalItem, EvidenceSpan } from './item.ts';
