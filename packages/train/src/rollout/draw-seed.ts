import { createHash } from 'node:crypto';

/** 32 bits that follow from a key: the seed of everything that the key names. The same on every machine. */
export function drawSeed(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32LE(0);
}
