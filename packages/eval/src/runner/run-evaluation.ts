/**
 * Examines subjects on items with strategies, any number at once, and writes one JSON line for each into
 * `<out>/results.jsonl` as soon as it is known. Lines that are there already are not made again, so a killed
 * evaluation goes on where it was; runs that were cut short are resumed.
 */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunStore } from '@memagent/core';
import PQueue from 'p-queue';
import type { EvalItem } from '../item.ts';
import { examineItem } from './examine-item.ts';
import { readRecords } from './read-records.ts';
import type { EvalRecord } from './record.ts';
import { resultsPath } from './result-folder.ts';
import type { Subject } from './subject.ts';

export interface EvaluationOptions {
  items: Iterable<PlannedItem>;
  subjects: readonly Subject[];
  strategies: readonly string[];
  /** Folder of the results, see `openResultFolder`. */
  out: string;
  store: RunStore;
  /** Questions at once. */
  concurrency: number;
  signal: AbortSignal;
  versions: { memagent: string; node: string };
  /** Hears of each line, those of earlier sessions included, with how many there will be. */
  onRecord?: (record: EvalRecord, progress: { done: number; total: number; isNew: boolean }) => void;
  now?: () => number;
}

/** An item that is made when its turn comes; making a long document's plan takes a moment. */
export interface PlannedItem {
  /** Names the item in the results; the item gets it as its id. */
  id: string;
  make: () => Promise<EvalItem>;
  /** Tokens of its document, roughly: for estimates of work. */
  tokens: number;
}

/** All records, earlier sessions' included, in no particular order. */
export async function runEvaluation(options: EvaluationOptions): Promise<EvalRecord[]> {
  const { subjects, strategies, out, concurrency, signal, onRecord = () => {}, now = Date.now } = options;
  const items = [...options.items];
  const total = items.length * subjects.length * strategies.length;
  const path = resultsPath(out);
  const before = await readRecords(path);
  const records: EvalRecord[] = before.filter((record) => record.status === 'scored');
  // Failures are tried again: the file is rewritten without them, once, before new lines are added.
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const done = new Set(records.map(cellOf));
  records.forEach((record, index) => onRecord(record, { done: index + 1, total, isNew: false }));

  const folder = await mkdtemp(join(tmpdir(), 'memagent-eval-'));
  const queue = new PQueue({ concurrency });
  let writing = Promise.resolve();
  const keep = (record: EvalRecord): Promise<void> => {
    records.push(record);
    onRecord(record, { done: records.length, total, isNew: true });
    writing = writing.then(() => appendFile(path, `${JSON.stringify(record)}\n`));
    return writing;
  };

  async function examine({ id, make }: PlannedItem): Promise<void> {
    const cells = subjects
      .flatMap((subject) => strategies.map((strategy) => ({ subject, strategy })))
      .filter(({ subject, strategy }) => !done.has(cellOf({ item: id, subject: subject.name, strategy })));
    if (cells.length === 0) return;
    const item = { ...(await make()), id };
    const file = join(folder, `${encodeURIComponent(id)}.txt`);
    await writeFile(file, item.document(), { signal });
    try {
      for (const { subject, strategy } of cells) {
        const { store, versions } = options;
        await keep(await examineItem({ item, file, subject, strategy, store, versions, signal, now }));
      }
    } finally {
      await rm(file, { force: true });
    }
  }

  try {
    await queue.addAll(
      items.map((item) => () => examine(item)),
      { signal },
    );
  } finally {
    await writing;
    await rm(folder, { recursive: true, force: true });
  }
  return records;
}

function cellOf({ item, subject, strategy }: Pick<EvalRecord, 'item' | 'subject' | 'strategy'>): string {
  return JSON.stringify([item, subject, strategy]);
}
