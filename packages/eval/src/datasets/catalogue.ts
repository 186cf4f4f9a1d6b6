/**
 * Which data sets a user has, and where: `<home>/datasets.json` keeps the paths, never the texts. The commands
 * `memagent data list` and `memagent data add` are these two functions.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { z } from 'zod';
import type { DataSet, SkippedRow } from './data-set.ts';
import { dataSets, findDataSet } from './data-sets.ts';

const added = z.object({ files: z.array(z.string()), addedAt: z.number() });
const catalogue = z.object({ version: z.literal(1), dataSets: z.record(z.string(), added) });
type Catalogue = z.output<typeof catalogue>;

/** The files of a data set that was added. */
export interface AddedFiles {
  /** Absolute. */
  files: readonly string[];
  /** Milliseconds since the epoch. */
  addedAt: number;
}

export interface DataSetListing {
  dataSet: DataSet;
  added?: AddedFiles;
  /** Those of its files that are no longer there. */
  missing: readonly string[];
}

/** Every known data set, with the user's files where there are some. Throws `source-unreadable` for a broken catalogue. */
export async function listDataSets(home: string): Promise<DataSetListing[]> {
  const known = await readCatalogue(home);
  return Promise.all(
    dataSets.map(async (dataSet): Promise<DataSetListing> => {
      const entry = known.dataSets[dataSet.name];
      if (!entry) return { dataSet, missing: [] };
      const there = await Promise.all(entry.files.map(exists));
      return { dataSet, added: entry, missing: entry.files.filter((_, index) => there[index] !== true) };
    }),
  );
}

export interface AddOptions {
  now?: () => number;
}

/** What was seen while the first items were loaded. */
export interface AddedDataSet extends AddedFiles {
  checkedItems: number;
  skipped: readonly SkippedRow[];
}

/** So many items are loaded to see that the files are what they should be. */
const checkedItems = 20;

/**
 * Remembers where the files of a data set are, in place of those that it had, once the first items load. Throws
 * `invalid-option` for an unknown name and what `load` throws for files that do not fit; then nothing changes.
 */
export async function addDataSet(
  home: string,
  name: string,
  files: readonly string[],
  { now = Date.now }: AddOptions = {},
): Promise<AddedDataSet> {
  const dataSet = findDataSet(name);
  if (files.length === 0) {
    const expected = dataSet.files.map((file) => file.name).join(', ');
    throw new MemagentError(`Data set ${name}: no files were given. Give the paths of ${expected}.`, {
      code: 'invalid-option',
      data: { option: 'files', received: files },
    });
  }
  const entry = { files: files.map((file) => resolve(file)), addedAt: now() };
  const check = await checkFiles(dataSet, entry.files);
  const known = await readCatalogue(home);
  await writeCatalogue(home, { version: 1, dataSets: { ...known.dataSets, [name]: entry } });
  return { ...entry, ...check };
}

async function checkFiles(
  dataSet: DataSet,
  files: readonly string[],
): Promise<Pick<AddedDataSet, 'checkedItems' | 'skipped'>> {
  const skipped: SkippedRow[] = [];
  let count = 0;
  for await (const item of dataSet.load(files, { onSkipped: (row) => skipped.push(row) })) {
    for await (const text of item.document()) if (text !== '') break;
    count += 1;
    if (count === checkedItems) break;
  }
  return { checkedItems: count, skipped };
}

function pathOf(home: string): string {
  return join(home, 'datasets.json');
}

async function readCatalogue(home: string): Promise<Catalogue> {
  const path = pathOf(home);
  if (!(await exists(path))) return { version: 1, dataSets: {} };
  try {
    return catalogue.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new MemagentError(
      `The list of data sets ${path} cannot be read: ${messageOf(error)}. Mend or remove it, and add the data sets again.`,
      { code: 'source-unreadable', data: { file: path }, cause: error },
    );
  }
}

/** Whole or not at all: a reader never sees half a file. */
async function writeCatalogue(home: string, value: Catalogue): Promise<void> {
  await mkdir(home, { recursive: true });
  const draft = join(home, `datasets-${randomUUID()}.json`);
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, pathOf(home));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
