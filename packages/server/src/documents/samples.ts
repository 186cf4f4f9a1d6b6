import { fileURLToPath } from 'node:url';
import type { Sample } from './document-input.ts';

/** The documents that come with the package, to try the agent with. */
export const builtInSamples: readonly Sample[] = Object.freeze([
  {
    id: 'war-and-peace-book-one',
    title: 'War and Peace, Book One (Leo Tolstoy, translated by Louise and Aylmer Maude)',
    file: fileURLToPath(new URL('../../data/samples/war-and-peace-book-one.txt', import.meta.url)),
    questions: [
      'Who was nicknamed the King of Prussia?',
      'What is the name of the estate of Prince Nicholas Bolkónski?',
      'Whose name day is celebrated at the Rostóvs?',
    ],
  },
]);
