import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { describeMismatch } from './describe-mismatch.ts';
import { addTitle, createPassage, joinDocuments, type Passage } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { documentsRow, type DocumentsRow, questionRow, type QuestionRow } from './question-row.ts';
import { scoreQuestion } from './question-scoring.ts';
import { createDataError } from './rows/data-error.ts';
import { listFiles } from './rows/list-files.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import { readRows } from './rows/read-rows.ts';
import { positionOf } from './rows/row.ts';

type Groups = ReadonlyMap<string, DocumentsRow['documents']>;

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
  const documents = findDocuments(row, groups);
  if (!documents) {
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
        documents: documents.length,
        ...(type === undefined ? {} : { type }),
        ...(level === undefined ? {} : { level }),
        ...(group === undefined ? {} : { group }),
      },
    },
    joinDocuments(documents),
  );
}

/**
 * The documents of a question, with the supporting ones marked. Nothing is evidence where there is no answer, nor
 * where there is one document: that it supports the answer tells nothing.
 */
function findDocuments(row: QuestionRow, groups: Groups): Passage[] | undefined {
  const documents =
    row.documents.length > 0
      ? row.documents
      : groups
          .get(row.group ?? '')
          ?.map((document, index) => ({ ...document, supporting: row.supporting.includes(index) }));
  const hasEvidence = !row.unanswerable && (documents?.length ?? 0) > 1;
  return documents?.map(({ title, text, supporting }) =>
    addTitle(title, createPassage(text, hasEvidence && supporting === true)),
  );
}

/** Tells documents files from question files by their first row; the order in which they are given is free. */
async function sortFiles(paths: readonly string[]): Promise<{ questionFiles: string[]; groups: Groups }> {
  const questionFiles: string[] = [];
  const groups = new Map<string, DocumentsRow['documents']>();
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

async function readGroups(file: string, groups: Map<string, DocumentsRow['documents']>): Promise<void> {
  for await (const row of readRows(file)) {
    const { value, problem } = row;
    const parsed = documentsRow.safeParse(value);
    if (!parsed.success) {
      const reason = problem ?? describeMismatch(value, documentsRow, parsed.error);
      throw createDataError(`Documents file ${file}, ${positionOf(row)}: ${reason}.`, file);
    }
    groups.set(parsed.data.group, parsed.data.documents);
  }
}
