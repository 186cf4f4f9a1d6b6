/**
 * Seeded randomness. Each use has a stream of its own, named by a key, so that a new draw in one place of a
 * generator changes nothing elsewhere, and a stream can be begun again to make the same text twice.
 */
import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** A number from 0 to 1, 1 excluded. */
  fraction(): number;
  pick<Item>(items: readonly Item[]): Item;
  /** A shuffled copy. */
  shuffle<Item>(items: readonly Item[]): Item[];
  /** `count` items without repetition, in random order. */
  sample<Item>(items: readonly Item[], count: number): Item[];
}

/** The stream called `key`: the same key gives the same numbers on every machine. */
export function createRandom(key: string): Random {
  const generator = xoroshiro128plus(createHash('sha256').update(key).digest().readInt32LE(0));
  const between = (least: number, most: number): number => uniformInt(generator, least, most);

  function sample<Item>(items: readonly Item[], count: number): Item[] {
    const rest = [...items];
    for (let index = 0; index < Math.min(count, rest.length); index++) {
      const other = between(index, rest.length - 1);
      [rest[index], rest[other]] = [rest[other] as Item, rest[index] as Item];
    }
    return rest.slice(0, count);
  }

  return {
    between,
    fraction: () => uniformFloat64(generator),
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    shuffle: (items) => sample(items, items.length),
    sample,
  };
}
