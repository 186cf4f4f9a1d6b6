/** Progress on a terminal: a bar with numbers, and below it what the last section changed in the memory. */
import { MultiBar } from 'cli-progress';
import { oneLine, shorten } from '../format/plain-text.ts';
import { wrapText } from '../format/wrap-text.ts';
import type { Colours, Shell } from '../shell.ts';
import { createNoticeText } from './notice-text.ts';
import type { Progress } from './progress.ts';
import { progressLine } from './progress-line.ts';
import type { ProgressView } from './progress-view.ts';

const clearBelow = '\u001B[0J';
const wrapOn = '\u001B[?7h';
const wrapOff = '\u001B[?7l';

export function createProgressBar({ stderr, colours, environment }: Shell, progress: Progress): ProgressView {
  const width = (): number => (stderr.columns ?? 80) - 1;
  const colour = colours.stderr;
  const redrawn = (line: () => string) => ({ format: () => environment.redact(line()) });
  const bars = new MultiBar({
    stream: stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Wide characters take two columns and would wrap: the terminal cuts the line instead.
    linewrap: false,
    gracefulExit: false,
    // A note that is printed in between takes the place of the bars.
    forceRedraw: true,
    fps: 10,
  });
  bars.create(
    1,
    0,
    {},
    redrawn(() => progressLine(progress.at(Date.now()), width(), colour)),
  );
  bars.create(
    1,
    0,
    {},
    redrawn(() => latestLine(progress.at(Date.now()).latest, width(), colour)),
  );
  const noticeText = createNoticeText(colour);
  return {
    remember: (event) => progress.apply(event),
    show(event) {
      progress.apply(event);
      const notice = noticeText(event);
      if (notice === undefined) return;
      bars.log(`${clearBelow}${wrapOn}${wrapText(environment.redact(notice), width())}${wrapOff}\n`);
    },
    end() {
      bars.update(); // What was logged since the last redrawing.
      bars.stop();
    },
  };
}

/** The sign at its beginning says what kind of change it was. */
function latestLine(latest: string, width: number, colour: Colours): string {
  const text = shorten(oneLine(latest), width);
  if (text.startsWith('+')) return colour.green(text);
  return text.startsWith('!') ? colour.yellow(text) : colour.dim(text);
}
