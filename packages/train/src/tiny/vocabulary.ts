/**
 * The words of the tiny language: 256 names that stand for keys and values alike, 40 words that mean nothing, and
 * the few words of sentences, questions and prompts. A token is a word; its id is its place in the list.
 */

/** Special tokens; the only ones that are not words. */
export const specialTokens = ['<pad>', '<end>', '<unk>', '<reply>'] as const;

/** Words with a meaning: of facts, of questions, of prompts and of replies. */
export const functionWords = '. is find last all chain section memory update answer keep empty nothing'.split(
  ' ',
);

/** Words between the facts. */
export const fillerWords: readonly string[] = (
  'rain fell over green hills while birds sang and boats went home slow rivers turn under stone bridges ' +
  'near old mills where grain was ground by water wheels each autumn until winter came with snow'
).split(' ');

/** Names of two syllables: `baba`, `bade`, … spread over all consonants. */
export const names: readonly string[] = makeNames(256);

/** The whole vocabulary, in the order of ids. */
export const vocabulary: readonly string[] = [...specialTokens, ...functionWords, ...fillerWords, ...names];

const ids: ReadonlyMap<string, number> = new Map(vocabulary.map((word, id) => [word, id]));

/** The id of a word; that of `<unk>` for any other. */
export function idOf(word: string): number {
  return ids.get(word) ?? unknownId;
}

export const padId = 0;
export const endId = 1;
export const unknownId = 2;
export const replyId = 3;
export const keepId = idOf('keep');

function makeNames(count: number): string[] {
  const syllables = [...'bdfgklmnprstvz'].flatMap((consonant) =>
    [...'aeiou'].map((vowel) => consonant + vowel),
  );
  // 70 syllables; a step of 17 in the second syllable makes neighbours differ in both.
  return Array.from({ length: count }, (_, index) => {
    const first = syllables[index % syllables.length];
    const second = syllables[(index * 17 + Math.floor(index / syllables.length) * 3) % syllables.length];
    return `${first}${second}`;
  });
}
