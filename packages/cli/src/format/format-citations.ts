import type { Citation } from '@memagent/core';
import type { Colours } from '../shell.ts';
import { formatCount } from './format-number.ts';
import { oneLine, shorten } from './plain-text.ts';
import { wrapText } from './wrap-text.ts';

/** Longest quotation that is printed; `--json` has all of it. */
const quoteLength = 400;

/** The places that an answer points to, each with what stands there. */
export function formatCitations(
  citations: readonly Citation[],
  { colours, width = Infinity }: { colours: Colours; width?: number | undefined },
): string[] {
  const lines = citations.flatMap((citation) => {
    const { mark, source, page, start, end, text, supported, sentence, field } = citation;
    const label = colours.bold(field === undefined ? `[${mark}]` : `${oneLine(field)} [${mark}]`);
    if (text === '' && source === '') {
      return [
        `${label} ${colours.red('unsupported')}: there is no section ${mark}`,
        `     ${quote(sentence, colours)}`,
      ];
    }
    const where = [
      oneLine(source),
      ...(typeof page === 'number' ? [`page ${page}`] : []), // Runs of older versions have none.
      `characters ${formatCount(start)} to ${formatCount(end)}`,
    ].join(', ');
    const doubt = supported
      ? ''
      : ` ${colours.red('unsupported: the section does not bear out the sentence')}`;
    return [`${label} ${where}${doubt}`, `     ${quote(text, colours)}`];
  });
  return lines.map((line) => wrapText(line, width, '     '));
}

function quote(text: string, colours: Colours): string {
  return colours.dim(`“${shorten(oneLine(text), quoteLength)}”`);
}
