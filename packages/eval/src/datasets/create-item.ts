import type { EvalItem } from '../item.ts';
import type { Passage } from './join-passages.ts';

export type ItemFields = Omit<EvalItem, 'document' | 'tokens' | 'evidence'>;

/** An item over a text that was loaded with its row; its tokens are not counted. */
export function createItem(fields: ItemFields, { text, evidence }: Passage): EvalItem {
  return {
    ...fields,
    meta: { ...fields.meta, characters: text.length },
    tokens: 0,
    evidence: evidence.filter(({ start, end }) => start < end),
    async *document() {
      yield text;
    },
  };
}
