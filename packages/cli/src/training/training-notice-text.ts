import type { TrainingEvent, TrainingNoticeCode } from '@memagent/train';
import { oneLine } from '../format/plain-text.ts';
import type { Colours } from '../shell.ts';

/** Notices of one kind that are shown; what they count stands in the metrics of every step. */
const shown = 3;

/** Makes the function that gives a notice as a line; undefined for other events, and for one too many of a kind. */
export function createTrainingNoticeText(colours: Colours): (event: TrainingEvent) => string | undefined {
  const counts = new Map<TrainingNoticeCode, number>();
  return (event) => {
    if (event.type !== 'notice') return undefined;
    const count = (counts.get(event.code) ?? 0) + 1;
    counts.set(event.code, count);
    if (count > shown) return undefined;
    const more = count === shown ? ' (More of this kind: metrics.jsonl counts them.)' : '';
    return colours.yellow(`Note: ${oneLine(event.message)}${more}`);
  };
}
