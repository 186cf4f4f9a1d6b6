/** Crockford's base 32: no letter is mistaken for a digit, and its order is that of the character codes. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Enough for milliseconds since the epoch until the year 3084. */
const timeLength = 9;
const randomLength = 6;

/**
 * A name for a new run, such as `1k3v9x2m7-pq4d8z`: the time in milliseconds, then 30 random bits. Names sort
 * by time. Two runs begun in the same millisecond get the same name once in 1,073,741,824 times, and a store
 * refuses the second; a unique prefix is enough to type, see `resolveRunId`.
 *
 * @param now the clock, in milliseconds since the epoch, such as `Date.now`
 * @param random numbers from 0 to below 1, such as `Math.random`
 */
export function createRunId(now: () => number, random: () => number): string {
  return `${encode(now(), timeLength)}-${encode(Math.floor(random() * 32 ** randomLength), randomLength)}`;
}

function encode(value: number, length: number): string {
  return Array.from({ length }, (_, index) =>
    alphabet.charAt(Math.floor(value / 32 ** (length - 1 - index)) % 32),
  ).join('');
}
