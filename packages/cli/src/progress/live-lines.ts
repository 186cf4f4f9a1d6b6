/** Lines at the bottom of a terminal that are drawn anew ten times a second, with text scrolling by above them. */
import { MultiBar } from 'cli-progress';
import { wrapText } from '../format/wrap-text.ts';
import type { Shell } from '../shell.ts';

const clearBelow = '\u001B[0J';
const wrapOn = '\u001B[?7h';
const wrapOff = '\u001B[?7l';

export interface LiveLines {
  /** Columns that a line may take. */
  width(): number;
  /** Prints a text above the lines. */
  log(text: string): void;
  /** Leaves the terminal as it was. Safe to call twice. */
  end(): void;
}

/** Each line is made when it is drawn, at most `width()` columns long; keys are blackened. */
export function createLiveLines(
  { stderr, environment }: Pick<Shell, 'stderr' | 'environment'>,
  lines: readonly ((width: number) => string)[],
): LiveLines {
  const width = (): number => (stderr.columns ?? 80) - 1;
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
  for (const line of lines) bars.create(1, 0, {}, { format: () => environment.redact(line(width())) });
  return {
    width,
    log(text) {
      bars.log(`${clearBelow}${wrapOn}${wrapText(environment.redact(text), width())}${wrapOff}\n`);
    },
    end() {
      bars.update(); // What was logged since the last redrawing.
      bars.stop();
    },
  };
}
