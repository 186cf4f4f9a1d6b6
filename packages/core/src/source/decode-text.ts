import iconv from 'iconv-lite';
import { createPairKeeper } from './pair-keeper.ts';

/** UTF-8 for speed; the others because iconv-lite loses long sequences that are cut (its issue 417), or lacks them. */
const decodedByPlatform = new Set(['utf-8', 'gb18030', 'gbk', 'iso-2022-jp']);

/**
 * Decodes bytes as they stream; `encoding` is a name that `normalizeEncoding` gave. Byte order marks and line ends are kept, invalid bytes become U+FFFD exactly as
 * in `readFileSync(path, 'utf8')`, and no character is cut between two pieces.
 */
export async function* decodeText(
  blocks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  const pairs = createPairKeeper();
  for await (const block of blocks) {
    const text = pairs.push(decoder.write(block));
    if (text !== '') yield text;
  }
  const rest = pairs.push(decoder.end()) + pairs.end();
  if (rest !== '') yield rest;
}

interface Decoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

/**
 * iconv-lite where it can, since what the platform makes of other encodings differs between versions of Node
 * (windows-1252) and lacks characters (Big5).
 */
function createDecoder(encoding: string): Decoder {
  if (decodedByPlatform.has(encoding)) {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  return { write: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' };
}
