import {
  formatCost,
  formatCount,
  formatDuration,
  formatQuantity,
  formatShort,
} from '../format/format-number.ts';
import type { Colours } from '../shell.ts';
import { drawBar } from './draw-bar.ts';
import type { ProgressState } from './progress.ts';

const barWidth = { least: 8, most: 30 };

/** The progress in words, least important last: what does not fit into a line is left out from the end. */
export function progressWords({
  sections,
  sectionsInAll,
  isEstimate,
  pass,
  passes,
  tokens,
  tokensPerSecond,
  remainingMs,
  usage,
}: ProgressState): string[] {
  const inAll = sectionsInAll === undefined ? '' : `/${isEstimate ? '~' : ''}${formatCount(sectionsInAll)}`;
  const ofPasses = passes === 1 ? '' : `, pass ${pass} of ${passes}`;
  return [
    (inAll === '' ? formatQuantity(sections, 'section') : `${formatCount(sections)}${inAll} sections`) +
      ofPasses,
    ...(remainingMs === undefined ? [] : [`ETA ${formatDuration(Math.max(1000, remainingMs))}`]),
    ...(usage.cost === undefined ? [] : [`cost ${formatCost(usage.cost)}`]),
    ...(usage.retries === 0 ? [] : [formatQuantity(usage.retries, 'retry', 'retries')]),
    `${formatShort(tokens)} tokens`,
    ...(tokensPerSecond === undefined ? [] : [`${formatShort(tokensPerSecond)} tokens/s`]),
  ];
}

/** One line of at most `width` columns: a bar where the end is known, and as many words as fit. */
export function progressLine(state: ProgressState, width: number, colours: Colours): string {
  const words = progressWords(state);
  const text = (): string => words.join(' · ');
  const { sections, sectionsInAll, pass, passes } = state;
  const share = sectionsInAll ? (pass - 1 + Math.min(1, sections / sectionsInAll)) / passes : undefined;
  const barRoom = (): number => width - text().length - ' 100% '.length;
  // Sections and ETA are worth more than the bar, and the bar more than the rest.
  while (words.length > 2 && barRoom() < (share === undefined ? 0 : barWidth.least)) words.pop();
  while (words.length > 1 && text().length > width) words.pop();
  const room = Math.min(barWidth.most, barRoom());
  if (share === undefined || room < barWidth.least) return text().slice(0, width);
  return `${drawBar(share, room, colours)} ${text()}`;
}
