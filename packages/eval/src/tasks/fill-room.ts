import { type FilledDocument, fillDocument, type FillOptions } from '../documents/fill-document.ts';
import { repeatSentences } from '../documents/haystack.ts';
import type { Brief } from './define-task.ts';
import type { Room } from './room.ts';

/** Fills a document up to the length that was asked for. */
export function fillRoom(room: Room, options: Omit<FillOptions, 'limit' | 'meter'>): FilledDocument {
  return fillDocument({ ...options, limit: room.limit, meter: room.createMeter() });
}

/** Hides needles among the sentences of the haystack. */
export async function hideInHaystack(
  { materials, room }: Pick<Brief, 'materials' | 'room'>,
  question: string,
  inserts: FillOptions['inserts'],
): Promise<FilledDocument & { haystack: string }> {
  const haystack = await materials.haystack();
  const filler = () => repeatSentences(haystack);
  return { ...fillRoom(room(question), { filler, inserts, joiner: ' ' }), haystack: haystack.name };
}
