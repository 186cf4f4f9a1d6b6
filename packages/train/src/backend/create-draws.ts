import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The uniform draws from 0 to 1 (1 excluded) that a seed names; every backend in this package samples with them.
 * The generator's first numbers follow its seed closely, so neighbouring seeds would give nearly the same draw:
 * the seed is scrambled first (the finaliser of MurmurHash3).
 */
export function createDraws(seed: number): () => number {
  const generator = xoroshiro128plus(scramble(seed));
  return () => uniformFloat64(generator);
}

function scramble(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85_eb_ca_6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35);
  return bits ^ (bits >>> 16);
}
