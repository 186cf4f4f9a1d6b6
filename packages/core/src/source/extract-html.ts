import { detectEncoding, isClearlyUtf8 } from './detect-encoding.ts';
import { createHtmlText } from './html-text.ts';

/** Streams the text of an HTML document. */
export async function* extractHtml(html: AsyncIterable<string>): AsyncGenerator<string> {
  const converter = createHtmlText();
  let isFirst = true;
  for await (const piece of html) {
    // The byte order mark belongs to the bytes, not to what is shown.
    const text = converter.write(isFirst ? piece.replace(/^\ufeff/, '') : piece);
    isFirst = false;
    if (text !== '') yield text;
  }
  const rest = converter.end();
  if (rest !== '') yield rest;
}

/**
 * The encoding of an HTML document, or nothing when it is no text. What the bytes clearly are counts more than
 * what the document says of itself: many a page was converted without its declaration.
 */
export function detectHtmlEncoding(head: Uint8Array): string | undefined {
  const detected = detectEncoding(head);
  if (detected === undefined || detected.startsWith('utf-16') || isClearlyUtf8(head)) return detected;
  const start = Buffer.from(head.subarray(0, 4096)).toString('latin1');
  const declared =
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/.exec(start) ??
    /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(start);
  return declared?.[1] ?? detected;
}
