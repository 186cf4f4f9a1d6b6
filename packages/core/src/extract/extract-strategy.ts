/**
 * All records of a document: every section is searched on its own, several side by side, with the end of the section
 * before it, so that a record across a cut is seen whole. What is found goes, in order, into a database beside the
 * run, where mentions of one record become one. A section whose records are too many for one reply is divided.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEventBody } from '../run/events.ts';
import { noUsage } from '../model/usage.ts';
import { naturalEnd } from '../section/natural-end.ts';
import type { ExtractedPiece, Strategy, StrategyRun } from '../strategy/strategy.ts';
import { createRecordCiter } from './cite-record.ts';
import { endOfText } from './end-of-text.ts';
import { type Excerpt, excerptOf, joinExcerpts, sliceExcerpt } from './excerpt.ts';
import { isObject } from './record-schema.ts';
import type { Extraction, RecordReader } from './record-reader.ts';
import { openRecordStore, type RecordStore, type RecordStoreOptions } from './record-store.ts';
import type { Dropped, ExtractionSummary, RecordMention } from './records.ts';

/** The database of a run's records, in the run's folder. */
export const recordFile = 'records.sqlite';

/** A piece below this size is not divided, nor one whose reply is this many times as long: a model that has lost its way. */
const leastPieceTokens = 32;
const mostGrowth = 16;

/** Dropped records that the result names. */
const mostNamed = 20;

/** A part of a section, and the end of what stands before it. */
interface Piece {
  section: number;
  before: Excerpt;
  own: Excerpt;
  /** Of `own`. */
  tokens: number;
}

/** What a section came to. */
interface Found {
  section: number;
  records: RecordMention[];
  dropped: Dropped[];
  isNew: boolean;
}

export function createExtractStrategy(reader: RecordReader, options: RecordStoreOptions): Strategy {
  return {
    name: 'extract',

    readsAhead: (concurrency) => concurrency,

    async run(run) {
      const path = join(await run.folder(), recordFile);
      // Left by an earlier session; it is built again from the steps that were committed.
      for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
      const store = openRecordStore(path, options);
      try {
        const extraction = await collect(run, reader, store);
        const answer = { text: describe(extraction), found: extraction.records > 0, usage: { ...noUsage } };
        return { answer, extraction };
      } finally {
        store.close();
      }
    },

    estimate({ sections, tokens }, { overhead, memoryTokens, outputTokens }) {
      return {
        calls: sections,
        promptTokens: tokens + sections * (overhead.update + memoryTokens),
        completionTokens: sections * outputTokens,
      };
    },
  };
}

async function collect(
  run: StrategyRun,
  reader: RecordReader,
  store: RecordStore,
): Promise<ExtractionSummary> {
  const dropped: ExtractionSummary['dropped'] = { records: 0, pieces: 0, first: [] };
  const inFlight: Promise<Found>[] = [];
  const mergeOldest = async (): Promise<void> => {
    const oldest = inFlight.shift();
    if (oldest) await merge(run, store, await oldest, dropped);
  };
  try {
    let before: Excerpt = { text: '', stretches: [] };
    for await (const section of run.sections()) {
      const own = excerptOf(section);
      const piece = { section: section.number, before, own, tokens: section.tokens };
      const found = search(run, reader, `extract/${section.number}`, piece);
      found.catch(() => {}); // Surfaces when it is merged, in order.
      inFlight.push(found);
      before = endOf(own, run);
      if (inFlight.length >= run.concurrency) await mergeOldest();
    }
    while (inFlight.length > 0) await mergeOldest();
  } finally {
    await Promise.allSettled(inFlight); // What was paid for is committed, also when another failed.
  }
  return { ...store.count(), dropped };
}

/** Searches a piece; one whose reply was cut off is divided in two. */
async function search(run: StrategyRun, reader: RecordReader, step: string, piece: Piece): Promise<Found> {
  const { section } = piece;
  const { outcome, records, dropped, isNew } = await run.extract(step, section, async (context) => {
    const { before, own, tokens } = piece;
    const input = { instructions: run.question, before: before.text, text: own.text, tokens };
    const extraction = await reader.extract(input, context);
    if (extraction.outcome === 'cut' && isDivisible(tokens, run)) {
      return { outcome: 'divided', records: [], dropped: [], usage: extraction.usage };
    }
    return citePiece(extraction, piece, run);
  });
  if (outcome !== 'divided') return { section, records, dropped, isNew };
  const [first, second] = divide(piece, run);
  const parts = [
    await search(run, reader, `${step}/1`, first),
    await search(run, reader, `${step}/2`, second),
  ];
  return {
    section,
    records: parts.flatMap((part) => part.records),
    dropped: parts.flatMap((part) => part.dropped),
    isNew: parts.some((part) => part.isNew),
  };
}

function citePiece(
  { outcome, entries, dropped, usage }: Extraction,
  { section, before, own }: Piece,
  run: StrategyRun,
): ExtractedPiece {
  const cite = createRecordCiter(joinExcerpts(before, own), before.text.length, section, run.sources);
  const cut: Dropped[] =
    outcome === 'cut'
      ? [
          {
            reason: 'cut',
            message: 'the reply was cut off; what followed its last whole record is missing',
            section,
          },
        ]
      : [];
  return {
    outcome: outcome === 'failed' ? 'failed' : 'extracted',
    records: entries.flatMap(({ record, quotes }) => (isObject(record) ? [cite(record, quotes)] : [])),
    dropped: [...dropped.map((part) => ({ ...part, section })), ...cut],
    usage,
  };
}

function isDivisible(tokens: number, { window }: StrategyRun): boolean {
  return tokens >= leastPieceTokens && tokens * mostGrowth > window.outputTokens;
}

/** Two halves, cut where the text allows it best. */
function divide({ section, before, own }: Piece, run: StrategyRun): [Piece, Piece] {
  const { length } = own.text;
  const end = naturalEnd(own.text, Math.floor(length * 0.35), Math.floor(length * 0.65));
  const [first, second] = [sliceExcerpt(own, 0, end), sliceExcerpt(own, end)];
  const tokensOf = ({ text }: Excerpt): number => run.tokenizer.count(text);
  return [
    { section, before, own: first, tokens: tokensOf(first) },
    { section, before: endOf(first, run), own: second, tokens: tokensOf(second) },
  ];
}

/** The last tokens of a text, as many as are carried on. */
function endOf(excerpt: Excerpt, { window, tokenizer }: StrategyRun): Excerpt {
  return sliceExcerpt(excerpt, endOfText(excerpt.text, window.memoryTokens, tokenizer));
}

async function merge(
  run: StrategyRun,
  store: RecordStore,
  { section, records, dropped, isNew }: Found,
  summary: ExtractionSummary['dropped'],
): Promise<void> {
  const merged = store.add(records);
  const pieces = dropped.filter(({ fields }) => fields === undefined).length;
  summary.pieces += pieces;
  summary.records += dropped.length - pieces;
  summary.first.push(...dropped.slice(0, mostNamed - summary.first.length));
  if (!isNew) return;
  for (const event of droppedNotices(dropped)) await run.emit(event);
  await run.emit({ type: 'records-merged', section, records: merged, total: store.size() });
}

function droppedNotices(dropped: readonly Dropped[]): RunEventBody[] {
  return dropped.map(({ section, reason, message, fields }) => ({
    type: 'notice',
    code: 'records-dropped',
    message: `Section ${section}: ${fields === undefined ? 'records may be missing' : 'a record was left out'}: ${message}`,
    data: { section, reason },
  }));
}

/** The summary in words. */
function describe({ records, mentions, conflicts, unsupported, dropped }: ExtractionSummary): string {
  return [
    `${count(records, 'record')} from ${count(mentions, 'mention')}`,
    ...(conflicts > 0 ? [`${conflicts} with values in conflict`] : []),
    ...(unsupported > 0 ? [`${unsupported} with unsupported fields`] : []),
    ...(dropped.records > 0 ? [`${count(dropped.records, 'record')} left out`] : []),
    ...(dropped.pieces > 0
      ? [`${count(dropped.pieces, 'piece')} of the document without a usable reply`]
      : []),
  ].join(', ');
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`;
}
