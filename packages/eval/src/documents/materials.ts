/** What generated items are made of, loaded on first use and then shared by all items of a program. */
import { MemagentError } from '@memagent/core';
import { type Haystack, loadHaystack } from './haystack.ts';
import { loadQuestionSet, type QuestionFiles, type QuestionSet } from './question-set.ts';
import { loadVocabulary, type Vocabulary } from './vocabulary.ts';

/** The data sets whose questions are hidden among paragraphs. */
export type QuestionSetName = 'squad' | 'hotpotqa' | 'musique' | '2wikimultihopqa';

export interface MaterialOptions {
  /** A text file to hide needles in; the bundled book by default. Held in memory. */
  haystack?: string;
  /** Files of the question sets that are used. Held in memory. */
  questions?: Partial<Record<QuestionSetName, QuestionFiles>>;
}

export interface Materials {
  haystack(): Promise<Haystack>;
  vocabulary(): Promise<Vocabulary>;
  /** Throws `invalid-option` if its files were not given. */
  questions(name: QuestionSetName): Promise<QuestionSet>;
}

export function createMaterials({ haystack, questions = {} }: MaterialOptions = {}): Materials {
  const loaded = new Map<string, Promise<unknown>>();
  function once<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = loaded.get(key) ?? load();
    loaded.set(key, known);
    return known as Promise<Value>;
  }
  return {
    haystack: () => once('haystack', () => loadHaystack(haystack)),
    vocabulary: () => once('vocabulary', loadVocabulary),
    questions: (name) =>
      once(`questions ${name}`, async () => await loadQuestionSet(filesOf(name, questions))),
  };
}

function filesOf(name: QuestionSetName, questions: NonNullable<MaterialOptions['questions']>): QuestionFiles {
  const files = questions[name];
  if (files) return files;
  throw new MemagentError(
    `Cannot make an item from ${name} without its questions. Give the paths of a question file and a pool.`,
    { code: 'invalid-option', data: { questions: name } },
  );
}
