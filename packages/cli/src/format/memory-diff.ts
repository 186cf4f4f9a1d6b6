/** What changed from one memory to the next, coloured: what was added, what is gone, and what stayed. */
import { diffLines, diffWordsWithSpace } from 'diff';
import type { Colours } from '../shell.ts';
import { plainText } from './plain-text.ts';

/** Text that stayed is shown up to this length, of which the ends are kept. */
const context = 120;

type Change = { value: string; added?: boolean | undefined; removed?: boolean | undefined };

/**
 * Without colours, what was added stands in `{+ +}` and what is gone in `[- -]`. `isFull` shows text that stayed
 * at its whole length.
 */
export function memoryDiff(
  before: string,
  after: string,
  { colours, isFull }: { colours: Colours; isFull: boolean },
): string {
  return changesOf(plainText(before), plainText(after))
    .map(({ value, added, removed }) => {
      if (added) return mark(value, '{+', '+}', colours, colours.green);
      if (removed)
        return mark(value, '[-', '-]', colours, (text) => colours.red(colours.strikethrough(text)));
      return colours.dim(isFull ? value : collapse(value));
    })
    .join('');
}

/** Whole lines where lines are kept, words within a line that was rewritten. */
function changesOf(before: string, after: string): Change[] {
  const lines: Change[] = diffLines(before, after);
  return lines.flatMap((line, index): Change[] => {
    const previous = lines[index - 1];
    const next = lines[index + 1];
    if (line.removed && next?.added) return diffWordsWithSpace(line.value, next.value);
    return line.added && previous?.removed ? [] : [line];
  });
}

/** Line breaks stay outside of marks and colours, so that no colour runs over the end of a line. */
function mark(
  value: string,
  open: string,
  close: string,
  colours: Colours,
  colour: (text: string) => string,
): string {
  return value.replace(/[^\n]+/g, (text) =>
    colours.isColorSupported ? colour(text) : `${open}${text}${close}`,
  );
}

function collapse(value: string): string {
  if (value.length <= 2 * context) return value;
  const hidden = value.length - 2 * context;
  const [start, end] = [value.slice(0, context), value.slice(-context)];
  return `${start}\n… ${hidden} unchanged characters …\n${end}`;
}
