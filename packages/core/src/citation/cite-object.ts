/** Leads the values of a structured answer back to the places in the document that they stand for. */
import type { Json } from '../json.ts';
import type { Citation } from './citation.ts';
import { contentWords } from '../text/content-words.ts';
import { type CiteAnswerInput, citeMarks } from './cite-answer.ts';
import { type Evidence, prepareEvidence } from './evidence.ts';
import { parseMarks, type ParsedMark } from './parse-marks.ts';
import { supported } from './supported.ts';
import { traceAnswer } from './trace-answer.ts';
import { removeTrailingMarks } from './trailing-marks.ts';

export interface CiteObjectInput extends Omit<CiteAnswerInput, 'answer'> {
  /** As the model wrote it: its texts may end in marks. */
  object: Json;
  /** The text that the answer came from, in strategies without a memory. */
  passages: readonly { mark: number; text: string }[];
}

/**
 * Citations for each text and number, in the object's order: by the marks that it ends in; without any by the
 * sentence of the memory, or the passage, that bears it out best. A value that nothing bears out has none.
 */
export async function citeObject(input: CiteObjectInput): Promise<Citation[]> {
  const passages = input.passages.map(({ mark, text }) => ({ mark, evidence: prepareEvidence(text) }));
  const marks = leavesOf(input.object, '').flatMap((leaf) =>
    marksOf(leaf, passages, input).map((mark) => ({ ...mark, field: leaf.field })),
  );
  return citeMarks(marks, input);
}

/** A value that is no list or object, and its place as a JSON Pointer. */
interface Leaf {
  field: string;
  text: string;
}

function leavesOf(value: Json, field: string): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ field, text: String(value) }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${field}/${escapePointer(key)}`));
}

/** A key as a part of a JSON Pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface PreparedPassage {
  mark: number;
  evidence: Evidence;
}

function marksOf(
  { field, text }: Leaf,
  passages: readonly PreparedPassage[],
  input: CiteObjectInput,
): ParsedMark[] {
  const claim = String(removeTrailingMarks(text));
  if (claim.trim() === '') return [];
  const sentence = field === '' ? claim : `${field}: ${claim}`;
  const found =
    claim === text
      ? [...traceAnswer({ ...input, answer: claim }), ...bestPassage(claim, input.question, passages)]
      : parseMarks(text, input);
  return [...new Set(found.map(({ mark }) => mark))].map((mark) => ({ mark, sentence, claim }));
}

function bestPassage(
  claim: string,
  question: string,
  passages: readonly PreparedPassage[],
): { mark: number }[] {
  const asked = new Set(contentWords(question));
  return passages
    .map(({ mark, evidence }) => ({ mark, support: supported(claim, evidence, asked) }))
    .filter(({ support }) => support.supported)
    .toSorted((a, b) => b.support.score - a.support.score)
    .slice(0, 1);
}
