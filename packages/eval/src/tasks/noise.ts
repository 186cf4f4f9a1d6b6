/** The line that RULER repeats as a haystack of noise. */
export const noiseLine =
  'The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.';

/** Noise without end. */
export function* repeatNoise(): Generator<string> {
  for (;;) yield noiseLine;
}
