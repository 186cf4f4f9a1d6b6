/** For tests: a document with facts far apart, between paragraphs that say nothing of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const builder = 'The lighthouse at Cape Brenn was built by Ada Holm in the year 1874.';
const birthplace = 'Ada Holm was born in the harbour town of Kesten, as the daughter of a mason.';

/** Answered by the first and last paragraphs of the document. */
export const sampleQuestion = 'Who built the lighthouse at Cape Brenn?';

/** Some 45 tokens in each of `paragraphs` paragraphs. */
export function sampleText(paragraphs = 12): string {
  const filler = Array.from(
    { length: paragraphs },
    (_, index) =>
      `On day ${index + 1} the keepers counted ${17 * index + 3} barrels of oil in the eastern store, mended two ropes, and wrote in the book that the wind came from the south. Nobody visited them.`,
  );
  filler.splice(1, 0, builder);
  filler.splice(paragraphs - 1, 0, birthplace);
  return `${filler.join('\n\n')}\n`;
}

/** Writes the document into a folder and returns its path. */
export function writeSample(folder: string, name = 'keepers.txt', paragraphs = 12): string {
  const path = join(folder, name);
  writeFileSync(path, sampleText(paragraphs));
  return path;
}
