import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks lines at blanks so that none is longer than `width` columns; what follows a break is indented. Colours
 * take no room; a word that is too long stays whole, and so does a line that is indented already, such as a
 * command to copy.
 */
export function wrapText(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith(' ') && indent === '' ? line : wrapLine(line, width, indent)))
    .join('\n');
}

function wrapLine(line: string, width: number, indent: string): string {
  let wrapped = '';
  let column = 0;
  for (const word of line.split(/(?<=\S)(?= )/)) {
    const length = stripVTControlCharacters(word).length;
    if (column > 0 && column + length > width) {
      wrapped += `\n${indent}${word.trimStart()}`;
      column = indent.length + length - (word.length - word.trimStart().length);
    } else {
      wrapped += word;
      column += length;
    }
  }
  return wrapped;
}
