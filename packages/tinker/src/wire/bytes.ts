/**
 * Arrays of numbers as the little-endian bytes in which the protocol carries them. Node runs on little-endian
 * machines alone (its one big-endian port, s390x, is not served), so the bytes of a typed array are the wire's.
 */
import { TinkerError } from '../errors.ts';

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

/** Integers of up to 32 bits. */
export const int32Bytes = (values: ArrayLike<number>): Uint8Array =>
  bytesOf(values instanceof Int32Array ? values : Int32Array.from(values));

/** 32-bit floats. */
export const float32Bytes = (values: ArrayLike<number>): Uint8Array =>
  bytesOf(values instanceof Float32Array ? values : Float32Array.from(values));

/** Integers of up to 53 bits, as 64: two words each, which is faster than by way of `bigint`. */
export function int64Bytes(values: ArrayLike<number>): Uint8Array {
  const words = new Int32Array(values.length * 2);
  for (let index = 0; index < values.length; index++) {
    // An array of 32-bit words keeps the lower 32 bits of what it is given.
    words[index * 2] = values[index]!;
    words[index * 2 + 1] = Math.floor(values[index]! / 2 ** 32);
  }
  return bytesOf(words);
}

/** The inverse of `int32Bytes`. */
export const readInt32 = (bytes: Uint8Array): Int32Array => new Int32Array(aligned(bytes, 4));

/** The inverse of `float32Bytes`. */
export const readFloat32 = (bytes: Uint8Array): Float32Array => new Float32Array(aligned(bytes, 4));

/** The inverse of `int64Bytes`. */
export function readInt64(bytes: Uint8Array): number[] {
  const words = new Int32Array(aligned(bytes, 8));
  return Array.from({ length: words.length / 2 }, (_, index) => {
    const value = words[index * 2 + 1]! * 2 ** 32 + (words[index * 2]! >>> 0);
    if (!Number.isSafeInteger(value))
      throw new TinkerError('bad-response', `The integer ${value} is beyond 2^53 and cannot be read exactly`);
    return value;
  });
}

/** The upper halves of 32-bit floats. */
export function readBfloat16(bytes: Uint8Array): Float32Array {
  const halves = new Uint16Array(aligned(bytes, 2));
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** A copy, as a typed array may not start anywhere in a buffer. */
function aligned(bytes: Uint8Array, unit: number): ArrayBuffer {
  if (bytes.byteLength % unit !== 0)
    throw new TinkerError(
      'bad-response',
      `${bytes.byteLength} bytes are no whole number of ${unit}-byte values`,
    );
  return bytes.slice().buffer;
}
