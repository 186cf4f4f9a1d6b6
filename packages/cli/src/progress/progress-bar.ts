/** Progress on a terminal: a bar with numbers, and below it what the last section changed in the memory. */
import { oneLine, shorten } from '../format/plain-text.ts';
import type { Colours, Shell } from '../shell.ts';
import { createLiveLines } from './live-lines.ts';
import { createNoticeText } from './notice-text.ts';
import type { Progress } from './progress.ts';
import { progressLine } from './progress-line.ts';
import type { ProgressView } from './progress-view.ts';

export function createProgressBar(shell: Shell, progress: Progress): ProgressView {
  const colour = shell.colours.stderr;
  const lines = createLiveLines(shell, [
    (width) => progressLine(progress.at(Date.now()), width, colour),
    (width) => latestLine(progress.at(Date.now()).latest, width, colour),
  ]);
  const noticeText = createNoticeText(colour);
  return {
    remember: (event) => progress.apply(event),
    show(event) {
      progress.apply(event);
      const notice = noticeText(event);
      if (notice !== undefined) lines.log(notice);
    },
    end: () => lines.end(),
  };
}

/** The sign at its beginning says what kind of change it was. */
function latestLine(latest: string, width: number, colour: Colours): string {
  const text = shorten(oneLine(latest), width);
  if (text.startsWith('+')) return colour.green(text);
  return text.startsWith('!') ? colour.yellow(text) : colour.dim(text);
}
