/**
 * Finds the encoding of a text from its first bytes: a byte order mark, then UTF-16 without one, then UTF-8, and
 * only then statistics (chardet), since those guess.
 */
import { isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { normalizeEncoding } from './normalize-encoding.ts';

const marks: readonly [encoding: string, bytes: readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** How much is looked at where a few thousand characters tell. */
const sampleBytes = 64 * 1024;

/** The encoding of a text, or nothing when the bytes are no text. */
export function detectEncoding(head: Uint8Array): string | undefined {
  const marked = marks.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (marked) return marked[0];
  const sample = head.subarray(0, sampleBytes);
  if (sample.includes(0)) return detectUtf16(sample);
  if (hasManyControls(sample)) return undefined;
  return isMostlyUtf8(head) ? 'utf-8' : detectLegacy(head);
}

/** Whether bytes are UTF-8 and not just ASCII, which says the same in nearly every encoding. */
export function isClearlyUtf8(head: Uint8Array): boolean {
  return head.some((byte) => byte > 0x7f) && isMostlyUtf8(head);
}

/** Text has hardly any control characters but tab, line ends, form feed, backspace and escape. */
function hasManyControls(sample: Uint8Array): boolean {
  let controls = 0;
  for (const byte of sample) if (byte < 8 || (byte > 13 && byte < 32 && byte !== 27)) controls++;
  return controls > sample.length / 50;
}

/** Bytes with zeros are UTF-16 if they decode to hardly anything but letters, marks, digits and spaces. */
function detectUtf16(sample: Uint8Array): string | undefined {
  const best = ['utf-16le', 'utf-16be']
    .map((encoding) => ({
      encoding,
      share: shareOfText(iconv.decode(sample.subarray(0, sample.length & ~1), encoding)),
    }))
    .reduce((a, b) => (b.share > a.share ? b : a));
  return best.share > 0.95 ? best.encoding : undefined;
}

function shareOfText(text: string): number {
  const good = text.match(/[[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\r\n\f]--\ufffd]/gv)?.length ?? 0;
  return good / Math.max(1, [...text].length);
}

/** UTF-8 with a stray byte here and there is still UTF-8. The head may end within a character. */
function isMostlyUtf8(head: Uint8Array): boolean {
  if (isUtf8(head)) return true;
  const text = new TextDecoder().decode(head, { stream: true });
  const invalid = text.match(/\ufffd/g)?.length ?? 0;
  const valid = text.match(/[\P{ASCII}--\ufffd]/gv)?.length ?? 0;
  return invalid * 10 <= valid;
}

/** Statistics from the first byte that tells anything; windows-1252 when they come to no result. */
function detectLegacy(head: Uint8Array): string {
  const first = head.findIndex((byte) => byte > 0x7f);
  const start = Math.max(0, first - 1024);
  const sample = head.subarray(start, start + sampleBytes);
  const found = analyse(sample)
    .map(({ name }) => name.toLowerCase())
    .find((name) => iconv.encodingExists(name) && !name.startsWith('utf') && decodesCleanly(sample, name));
  return normalizeEncoding(found ?? 'windows-1252');
}

/** The sample may end within a character. */
function decodesCleanly(sample: Uint8Array, encoding: string): boolean {
  return !iconv.decode(sample, encoding).slice(0, -1).includes('\ufffd');
}
