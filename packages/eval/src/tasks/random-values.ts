import type { Random } from '../documents/random.ts';

/** A number of exactly so many digits. */
export function randomNumber(random: Random, digits = 7): string {
  return String(random.between(10 ** (digits - 1), 10 ** digits - 1));
}

/** `count` numbers that differ. */
export function randomNumbers(random: Random, count: number, digits = 7): string[] {
  const numbers = new Set<string>();
  while (numbers.size < count) numbers.add(randomNumber(random, digits));
  return [...numbers];
}

/** A random (version 4) UUID. */
export function randomUuid(random: Random): string {
  const hex = Array.from({ length: 8 }, () => random.between(0, 0xffff).toString(16).padStart(4, '0')).join(
    '',
  );
  const variant = '89ab'[random.between(0, 3)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** `count` different words of so many letters from `alphabet`, other than those in `taken`. */
export function randomNames(
  random: Random,
  count: number,
  { alphabet, letters, taken = [] }: { alphabet: string; letters: number; taken?: readonly string[] },
): string[] {
  const names = new Set<string>();
  while (names.size < count) {
    const name = Array.from({ length: letters }, () => random.pick([...alphabet])).join('');
    if (!taken.includes(name)) names.add(name);
  }
  return [...names];
}

/** Random depths in order, so that what is put at them keeps its order. */
export function risingDepths(random: Random, count: number, from = 0, to = 1): number[] {
  return Array.from({ length: count }, () => from + random.fraction() * (to - from)).toSorted(
    (a, b) => a - b,
  );
}
