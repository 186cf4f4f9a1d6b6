/**
 * A random order of any number of things that is never written down: a list of a million entries is shuffled
 * without holding it. A Feistel network permutes the next power of four; results outside the range are sent
 * through again until they fall inside (cycle walking; Black and Rogaway, "Ciphers with arbitrary finite
 * domains", 2002). Shuffles, keeps no secrets.
 */
import type { Random } from './random.ts';

const rounds = 6;

/** Maps each of 0 … `size` - 1 to another, one to one. `size` is at most 2^30. */
export function createPermutation(size: number, random: Random): (index: number) => number {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** bits - 1;
  const keys = Array.from({ length: rounds }, () => random.between(-(2 ** 31), 2 ** 31 - 1));

  function permute(value: number): number {
    let left = value >>> bits;
    let right = value & mask;
    for (const key of keys) {
      [left, right] = [right, left ^ (mix(right ^ key) & mask)];
    }
    return (left << bits) | right;
  }

  return (index) => {
    let value = permute(index);
    while (value >= size) value = permute(value);
    return value;
  };
}

/** Every bit of the result depends on every bit of the value (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}
