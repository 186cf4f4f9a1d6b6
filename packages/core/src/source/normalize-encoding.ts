import iconv from 'iconv-lite';
import { MemagentError } from '../errors.ts';

/**
 * The one name of an encoding that may be called in many ways, in lower case: `utf-8` for `UTF8`, and
 * `windows-1252` for `latin1`, which is a part of it. Throws if the encoding is not known.
 */
export function normalizeEncoding(encoding: string): string {
  const label = encoding.trim().toLowerCase();
  return platformName(label) ?? iconvName(label);
}

function platformName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined; // The platform throws for what it does not know; iconv-lite may.
  }
}

function iconvName(label: string): string {
  if (iconv.encodingExists(label)) return label;
  throw new MemagentError(
    `Cannot decode: the encoding "${label}" is not known. Use a name such as utf-8, utf-16le, windows-1252, shift_jis or gb18030.`,
    { code: 'invalid-option', data: { encoding: label } },
  );
}
