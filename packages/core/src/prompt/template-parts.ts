import { MemagentError } from '../errors.ts';

/** The parts that a template may have, in the order in which people should write them. */
export const partNames = [
  'system',
  'update',
  'merge',
  'answer',
  'structured-answer',
  'extract',
  'invalid-reply',
  'empty-memory',
  'not-found',
  'keep',
] as const;

export type PartName = (typeof partNames)[number];

/** A part as it stands in the file, blank lines around it left out. */
export interface RawPart {
  /** Name of the template, for messages. */
  template: string;
  part: PartName;
  text: string;
  /** 1-based line of the header. */
  headerLine: number;
  /** 1-based line on which `text` begins. */
  line: number;
}

const header = /^===\s*(.*?)\s*===\s*$/;

/**
 * Cuts a template into its parts at the lines `=== name ===`. Lines before the first header must be blank or
 * begin with `#`: that is the place for notes. Throws `invalid-template`.
 */
export function splitParts(text: string, name: string): Map<PartName, RawPart> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
  const parts = new Map<PartName, RawPart>();
  const headers = lines.flatMap((line, index) => (header.test(line) ? [index] : []));
  const stray = lines
    .slice(0, headers[0] ?? lines.length)
    .findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  if (stray !== -1) {
    throw invalidTemplate(
      name,
      stray + 1,
      `text before the first part; open a part with a line such as "=== update ===", or begin the line with # to make it a note`,
    );
  }
  for (const [position, index] of headers.entries()) {
    const part = header.exec(lines[index] ?? '')?.[1] ?? '';
    if (!isPartName(part)) {
      throw invalidTemplate(name, index + 1, `unknown part "${part}"; accepted are ${partNames.join(', ')}`);
    }
    const earlier = parts.get(part);
    if (earlier) {
      throw invalidTemplate(
        name,
        index + 1,
        `part "${part}" again, after line ${earlier.headerLine}; write each part once`,
      );
    }
    const body = lines.slice(index + 1, headers[position + 1]);
    const blank = body.findIndex((line) => line.trim() !== '');
    if (blank === -1) {
      throw invalidTemplate(
        name,
        index + 1,
        `part "${part}" is empty; write its text or leave out its header`,
      );
    }
    parts.set(part, {
      template: name,
      part,
      text: body.slice(blank).join('\n').trimEnd(),
      headerLine: index + 1,
      line: index + 2 + blank,
    });
  }
  return parts;
}

/** The error of a template that cannot be used. `problem` says what was found and what is accepted. */
export function invalidTemplate(name: string, line: number, problem: string): MemagentError {
  return new MemagentError(`Template ${name}, line ${line}: ${problem}.`, {
    code: 'invalid-template',
    data: { template: name, line },
  });
}

function isPartName(name: string): name is PartName {
  return (partNames as readonly string[]).includes(name);
}
