/** The words that generated tasks are made of; see data/words/README.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPermutation } from './permutation.ts';
import type { Random } from './random.ts';

export interface Vocabulary {
  adjectives: readonly string[];
  nouns: readonly string[];
  /** All of them and verbs, without repetition. */
  words: readonly string[];
}

const folder = join(import.meta.dirname, '../../data/words');

export async function loadVocabulary(): Promise<Vocabulary> {
  const [adjectives, nouns, verbs] = await Promise.all(
    (['adjectives', 'nouns', 'verbs'] as const).map(readWords),
  );
  if (!adjectives || !nouns || !verbs) throw new TypeError('unreachable');
  return { adjectives, nouns, words: [...new Set([...adjectives, ...nouns, ...verbs])] };
}

async function readWords(kind: string): Promise<string[]> {
  return (await readFile(join(folder, `${kind}.txt`), 'utf8')).trim().split('\n');
}

/** Six million pairs such as `amber-lantern` in random order, by number: each is given once. */
export function createPairs({ adjectives, nouns }: Vocabulary, random: Random): (index: number) => string {
  const size = adjectives.length * nouns.length;
  const permute = createPermutation(size, random);
  return (index) => {
    const number = permute(index % size);
    const adjective = adjectives[Math.floor(number / nouns.length)];
    return `${adjective}-${nouns[number % nouns.length]}`;
  };
}
