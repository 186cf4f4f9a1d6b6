/** Questions with their paragraphs, and paragraphs to put around them: what the evidence reader is trained on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';

/** Names of the data sets that come with the package. */
export const evidenceDataSets = ['hotpotqa', 'musique', '2wikimultihopqa', 'squad'] as const;

export type EvidenceDataSet = (typeof evidenceDataSets)[number];

/** The package's folder of data. */
export const evidenceDataFolder = new URL('../../data/', import.meta.url);

export interface EvidenceParagraph {
  title: string;
  text: string;
  supporting: boolean;
}

export interface EvidenceQuestionRow {
  id: string;
  dataSet: EvidenceDataSet;
  question: string;
  answers: readonly string[];
  paragraphs: readonly EvidenceParagraph[];
}

export interface EvidenceData {
  questions: readonly EvidenceQuestionRow[];
  /** Without repetitions. */
  pool: readonly EvidenceParagraph[];
}

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  answers: z.array(z.string()),
  documents: z.array(z.tuple([z.string(), z.string(), z.boolean()])),
});

const paragraphSchema = z.tuple([z.string(), z.string()]);

/** Reads the data sets from the package, or from another folder of the same files. */
export async function loadEvidenceData(folder: URL = evidenceDataFolder): Promise<EvidenceData> {
  const questions: EvidenceQuestionRow[] = [];
  const pool = new Map<string, EvidenceParagraph>();
  for (const dataSet of evidenceDataSets) {
    for (const { documents, ...row } of await readRows(
      new URL(`${dataSet}.jsonl.br`, folder),
      questionSchema,
    )) {
      const paragraphs = documents.map(([title, text, supporting]) => ({ title, text, supporting }));
      questions.push({ ...row, dataSet, paragraphs });
    }
    for (const [title, text] of await readRows(new URL(`pool_${dataSet}.jsonl.br`, folder), paragraphSchema))
      pool.set(text, { title, text, supporting: false });
  }
  return { questions, pool: [...pool.values()] };
}

/** Folds of cross-fitting. */
export const evidenceFolds = 5;

/** The fold of a question or a paragraph, by the hash of its text. */
export function foldOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) % evidenceFolds;
}

/**
 * The fold's part of the data to test on, or all the rest to train on: training sees neither the fold's questions
 * nor its pool's paragraphs, the test sees only them.
 */
export function selectFold(data: EvidenceData, fold: number, side: 'train' | 'test'): EvidenceData {
  const belongs = (text: string): boolean => (foldOf(text) === fold) === (side === 'test');
  return {
    questions: data.questions.filter(({ question }) => belongs(question)),
    pool: data.pool.filter(({ text }) => belongs(text)),
  };
}

async function readRows<Row>(path: URL, schema: z.ZodType<Row>): Promise<Row[]> {
  const text = brotliDecompressSync(await readFile(path)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}
