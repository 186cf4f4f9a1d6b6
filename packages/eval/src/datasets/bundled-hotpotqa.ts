import { fileURLToPath } from 'node:url';

/**
 * The part of HotpotQA that comes with this package, so that RULER-HotpotQA runs without a download: 128
 * questions of ten paragraphs each, and a pool of 2,400 other paragraphs. CC BY-SA 4.0, see
 * `data/ATTRIBUTION.md`.
 */
export const bundledHotpotQa = Object.freeze({
  questions: pathOf('questions.jsonl.gz'),
  pool: pathOf('pool.jsonl.gz'),
});

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../data/hotpotqa/${name}`, import.meta.url));
}
