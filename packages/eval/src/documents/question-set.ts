/**
 * Questions with their paragraphs, and a pool of paragraphs to put around them, from JSON lines, gzipped or not.
 * One line of the question file is
 *
 *     {"id", "question", "answers": [any of them is right],
 *      "documents": [{"title", "text", "supporting": true | false | null}]}
 *
 * and one of a pool file `{"title", "text"}`. Lines of questions without an answer are skipped.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MemagentError, messageOf } from '@memagent/core';
import { z } from 'zod';

/** A paragraph of a document; several questions may share it. */
export interface Paragraph {
  title: string;
  text: string;
}

export interface PooledQuestion {
  id: string;
  question: string;
  answers: readonly string[];
  /** What the answer rests on; at least one. */
  supporting: readonly Paragraph[];
  /** What the data set puts beside it to mislead. */
  distractors: readonly Paragraph[];
}

export interface QuestionSet {
  questions: readonly PooledQuestion[];
  /** Without repetitions. */
  pool: readonly Paragraph[];
}

/** Paths of the files of a question set. */
export interface QuestionFiles {
  questions: string;
  /** Without a pool, the paragraphs of the questions themselves. */
  pool?: string | readonly string[];
}

const paragraphSchema = z.object({ title: z.string().default(''), text: z.string().min(1) });

const questionSchema = z.object({
  id: z.union([z.string(), z.number().transform(String)]),
  question: z.string().min(1),
  answers: z.array(z.string()),
  documents: z.array(paragraphSchema.extend({ supporting: z.boolean().nullable().optional() })),
});

/** Reads a question set. Throws `source-unreadable` with the line that is not as above. */
export async function loadQuestionSet({ questions: path, pool }: QuestionFiles): Promise<QuestionSet> {
  const questions: PooledQuestion[] = [];
  for await (const { documents, ...row } of readRows(path, questionSchema)) {
    const supporting = documents.filter((document) => document.supporting === true);
    if (supporting.length === 0 || row.answers.length === 0) continue;
    const distractors = documents.filter((document) => document.supporting !== true);
    questions.push({ ...row, supporting, distractors });
  }
  if (questions.length === 0) {
    throw unreadable(path, 'none of its lines is a question with answers and supporting documents');
  }
  const paragraphs = new Map<string, Paragraph>();
  for await (const paragraph of pool === undefined ? paragraphsOf(questions) : readPool([pool].flat())) {
    if (!paragraphs.has(paragraph.text)) paragraphs.set(paragraph.text, paragraph);
  }
  return { questions, pool: [...paragraphs.values()] };
}

function paragraphsOf(questions: readonly PooledQuestion[]): Paragraph[] {
  return questions.flatMap(({ supporting, distractors }) => [...supporting, ...distractors]);
}

async function* readPool(paths: readonly string[]): AsyncGenerator<Paragraph> {
  for (const path of paths) yield* readRows(path, paragraphSchema);
}

async function* readRows<Row>(path: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
  let line = 0;
  try {
    for await (const text of readLines(path)) {
      line++;
      if (text.trim() !== '') yield schema.parse(JSON.parse(text));
    }
  } catch (error) {
    if (error instanceof MemagentError) throw error;
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw unreadable(path, line === 0 ? reason : `line ${line}: ${reason}`, error);
  }
}

async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  // `pipeline` passes a failure of the file on to what is read, and closes the file when reading ends early.
  const input = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

function unreadable(path: string, reason: string, cause?: unknown): MemagentError {
  return new MemagentError(
    `Cannot read questions or paragraphs from ${path}: ${reason}. See packages/eval/src/documents/question-set.ts for the format.`,
    { code: 'source-unreadable', data: { path }, cause },
  );
}
