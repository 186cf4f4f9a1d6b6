import { readFileSync } from 'node:fs';

/** War and Peace (Project Gutenberg, public domain): 3.2 MB of real English prose. */
export function readBook(): string {
  return readFileSync(new URL('../examples/data/war-and-peace.txt', import.meta.url), 'utf8');
}
