/**
 * Reads many documents side by side and resumes whatever stops, as a user would; and compares two such
 * readings. Shared by `fault-run.test.ts` and `bench/fault-run.ts`, which read the same documents with and
 * without a server that goes wrong.
 */
import { RunStoppedError } from '../errors.ts';
import type { LoopbackRequest } from '../testing/loopback-stats.ts';
import type { RunResult } from './events.ts';
import type { FaultDocument } from './fault-documents.ts';
import { read, resume } from './read.ts';
import type { ReadingOptions, SessionOptions } from './read-options.ts';

/** What became of one document. */
export type DocumentReading = { resumed: number } & (
  | { status: 'answered'; result: RunResult }
  | { status: 'lost'; error: unknown }
);

/** A document that takes more sessions than this is lost. */
const mostResumed = 5;

/** Reads all documents at once; `limits` decide how many calls are in flight. */
export function readDocuments(
  documents: readonly FaultDocument[],
  options: ReadingOptions & SessionOptions,
): Promise<DocumentReading[]> {
  return Promise.all(documents.map((document) => readDocument(document, options)));
}

async function readDocument(
  { question, text }: FaultDocument,
  options: ReadingOptions & SessionOptions,
): Promise<DocumentReading> {
  let run = read({ ...options, question, source: text });
  for (let resumed = 0; ; resumed += 1) {
    try {
      return { status: 'answered', resumed, result: await run.result };
    } catch (error) {
      if (!(error instanceof RunStoppedError) || resumed === mostResumed) {
        return { status: 'lost', resumed, error };
      }
      run = resume({ ...options, runId: error.runId });
    }
  }
}

/** Indexes of the documents whose answer, found flag or citations are not the same in both readings. */
export function findDifferences(a: readonly DocumentReading[], b: readonly DocumentReading[]): number[] {
  return a.flatMap((reading, index) => (outcome(reading) === outcome(b[index]) ? [] : [index]));
}

/** Most tokens that a request asked the server for, prompt and reply together. */
export function longestRequest(requests: readonly LoopbackRequest[]): number {
  return Math.max(...requests.map(({ promptTokens, maxTokens = 0 }) => promptTokens + maxTokens));
}

/** Whether the answer holds the planted fact, or says that there is none. */
export function isRight(reading: DocumentReading, { expected }: FaultDocument): boolean {
  if (reading.status === 'lost') return false;
  const { answer, found, citations } = reading.result;
  return expected === undefined
    ? !found
    : found && answer.includes(expected) && citations.some(({ text }) => text.includes(expected));
}

function outcome(reading: DocumentReading | undefined): string {
  if (reading?.status !== 'answered') return '';
  const { answer, found, citations } = reading.result;
  return JSON.stringify({ answer, found, citations });
}
