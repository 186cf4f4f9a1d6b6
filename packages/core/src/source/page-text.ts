/** One run of characters on a page of a PDF, as pdf.js gives it. */
export interface PageItem {
  str: string;
  /** The last number is the height of the base line above the bottom of the page. */
  transform: readonly number[];
  hasEOL: boolean;
}

interface Line {
  text: string;
  y: number | undefined;
}

/**
 * Joins the runs of a page into lines and paragraphs. PDF knows no paragraphs: one begins where the step to the next
 * line is clearly longer than it usually is on the page.
 */
export function pageText(items: readonly (PageItem | object)[]): string {
  const lines = linesOf(items.filter((item): item is PageItem => 'str' in item));
  const steps = lines.map((line, at) => stepTo(line, lines[at - 1]));
  const usual = mostCommon(steps.filter((step) => step > 0));
  return lines
    .map(({ text }, at) => ((steps[at] ?? 0) > 1.35 * usual ? `\n${text}` : text))
    .join('\n')
    .trim()
    .toWellFormed();
}

function linesOf(items: readonly PageItem[]): Line[] {
  const lines: Line[] = [];
  let line: Line = { text: '', y: undefined };
  for (const { str, transform, hasEOL } of items) {
    line.text += str;
    if (str.trim() !== '') line.y ??= transform[5];
    if (!hasEOL) continue;
    lines.push(line);
    line = { text: '', y: undefined };
  }
  return [...lines, line].filter(({ text }) => text.trim() !== '');
}

/** How far down a line stands below the one before; negative at the top of the next column. */
function stepTo(line: Line, before: Line | undefined): number {
  return (before?.y ?? 0) - (line.y ?? 0);
}

/** The most common of the steps to a whole point; the smallest of several. */
function mostCommon(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(Math.round(step), (counts.get(Math.round(step)) ?? 0) + 1);
  const [step = 0] = [...counts].toSorted(([a, as], [b, bs]) => bs - as || a - b)[0] ?? [];
  return step;
}
