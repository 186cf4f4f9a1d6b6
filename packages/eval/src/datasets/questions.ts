import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { describeMismatch } from './describe-mismatch.ts';
import { addTitle, createPassage, joinDocuments, keepEvidence, type Passage } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { documentsRow, type DocumentsRow, questionRow, type QuestionRow } from './question-row.ts';
import { scoreQuestion } from './question-scoring.ts';
import { createDataError } from './rows/data-error.ts';
import { listFiles } from './rows/list-files.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import { readRows } from './rows/read-rows.ts';
import { positionOf } from './rows/row.ts';

/** Documents of a question, joined; every one is marked. */
interface Joined {
  count: number;
  text: Passage;
}
type Groups = ReadonlyMap<string, Joined>;

export const questions: DataSet = {
  name: 'questions',
  description:
    'Your own questions over your own documents, or any other data set, in the schema of docs/data.md.',
  licence: 'That of the data.',
  homepage: 'docs/data.md',
  get: 'Write one JSON object per line; docs/data.md has the schema.',
  files: [
    { name: '<name>.jsonl', holds: 'questions: id, dataset, question, answers, documents' },
    {
      name: '<name>_docs.jsonl',
      holds: 'documents that several questions share, held in memory: group, documents',
    },
  ],
  scoring:
    'The metric of the data set that dataset names, or the row’s own metric; F1 for others, multiple choice where there are choices, abstention for questions marked unanswerable.',
  async *load(files, options) {
    const { questionFiles, groups } = await sortFiles(files);
    const format = {
      dataSet: 'questions',
      schema: questionRow,
      toItems: (row: QuestionRow) => toItems(row, groups),
    };
    yield* loadRows(readAllRows(questionFiles), format, options);
  },
};

function* toItems(row: QuestionRow, groups: Groups): Generator<EvalItem | Skip> {
  const found = findDocuments(row, groups);
  if (!found) {
    const reason = `no documents: none in the row, and none for group ${row.group ?? '(not given)'}; give the file with the documents too`;
    return yield { kind: 'bad', reason };
  }
  const scoring = scoreQuestion(row);
  if ('reason' in scoring) return yield scoring;
  const { dataset, task, type, level, group } = row;
  const name = task === undefined ? dataset : `${dataset}/${task}`;
  yield createItem(
    {
      id: `${name}/${row.id}`,
      task: name,
      ...scoring,
      meta: {
        documents: found.count,
        ...(type === undefined ? {} : { type }),
        ...(level === undefined ? {} : { level }),
        ...(group === undefined ? {} : { group }),
      },
    },
    keepEvidence(found.text, supportingOf(row, found.count)),
  );
}

/** The documents of a row, or of its group. */
function findDocuments({ documents, group = '' }: QuestionRow, groups: Groups): Joined | undefined {
  return documents.length > 0 ? join(documents) : groups.get(group);
}

function join(documents: DocumentsRow['documents']): Joined {
  const passages = documents.map(({ title, text }) => addTitle(title, createPassage(text, true)));
  return { count: documents.length, text: joinDocuments(passages) };
}

/**
 * Which documents support the answer. None where there is no answer, nor where there is one document: that the
 * answer is in it tells nothing.
 */
function supportingOf({ documents, supporting, unanswerable }: QuestionRow, count: number): Set<number> {
  if (unanswerable || count === 1) return new Set();
  const own = documents.flatMap((document, index) => (document.supporting === true ? [index] : []));
  return new Set(documents.length > 0 ? own : supporting);
}

/** Tells documents files from question files by their first row; the order in which they are given is free. */
async function sortFiles(paths: readonly string[]): Promise<{ questionFiles: string[]; groups: Groups }> {
  const questionFiles: string[] = [];
  const groups = new Map<string, Joined>();
  for (const file of await listFiles(paths)) {
    if (await holdsDocuments(file)) await readGroups(file, groups);
    else questionFiles.push(file);
  }
  if (questionFiles.length > 0) return { questionFiles, groups };
  throw createDataError(
    `Data set questions: received documents alone (${paths.join(', ')}). Give the file with the questions too.`,
    paths[0] ?? '',
  );
}

async function holdsDocuments(file: string): Promise<boolean> {
  for await (const { value } of readRows(file)) {
    return typeof value === 'object' && value !== null && 'documents' in value && !('question' in value);
  }
  return false;
}

async function readGroups(file: string, groups: Map<string, Joined>): Promise<void> {
  for await (const row of readRows(file)) {
    const { value, problem } = row;
    const parsed = documentsRow.safeParse(value);
    if (!parsed.success) {
      const reason = problem ?? describeMismatch(value, documentsRow, parsed.error);
      throw createDataError(`Documents file ${file}, ${positionOf(row)}: ${reason}.`, file);
    }
    groups.set(parsed.data.group, join(parsed.data.documents));
  }
}
