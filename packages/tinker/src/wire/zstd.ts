import zlib from 'node:zlib';
import { promisify } from 'node:util';
import { TinkerError } from '../errors.ts';

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** Whether this Node can compress with zstd (22.15 and later). */
export const hasZstd = typeof zlib.zstdCompress === 'function';

/** Compresses, off the main thread. */
export const zstdCompress = async (body: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await promisify(zlib.zstdCompress)(body));

/** Decompresses to at most `maxBytes`, off the main thread. */
export async function zstdDecompress(body: Uint8Array, maxBytes = 2 ** 30): Promise<Uint8Array> {
  if (!hasZstd)
    throw new TinkerError(
      'bad-response',
      'A body is compressed with zstd, which Node reads from 22.15 on; update Node',
    );
  return new Uint8Array(await promisify(zlib.zstdDecompress)(body, { maxOutputLength: maxBytes }));
}

/** Whether a body is compressed. No message of the protocol starts with these bytes, so a proxy may have undone it. */
export const isZstd = (body: Uint8Array): boolean => magic.every((byte, index) => body[index] === byte);
