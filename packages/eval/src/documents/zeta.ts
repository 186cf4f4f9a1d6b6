/** Riemann's zeta for real arguments above 1, to ten digits: a hundred terms, then Euler and Maclaurin's sum. */
export function zeta(s: number): number {
  const last = 100;
  let sum = 0;
  for (let k = 1; k < last; k++) sum += k ** -s;
  return sum + last ** (1 - s) / (s - 1) + last ** -s / 2 + (s * last ** (-s - 1)) / 12;
}
