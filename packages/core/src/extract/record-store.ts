/**
 * The records of a run, in a database of its own: however many there are, few are in memory. It is an index over the
 * run's events and can be built from them again.
 */
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite } from '../store/load-sqlite.ts';
import { createTransactor } from '../store/transactor.ts';
import { isAbsent, normalizeValue, wordsOfValue } from './normalize-value.ts';
import type { ExtractionSummary, FieldCitation, FieldValue, RecordFields, RecordMention } from './records.ts';
import { isSameRecord } from './same-record.ts';

export interface RecordStoreOptions {
  /** Fields that tell records apart; none: all fields together do. */
  key: readonly string[];
  similarity: number;
}

/** A record as it is kept: the values of each field in the order in which they were met. */
export interface KeptRecord {
  id: number;
  /** As it was first mentioned. */
  first: RecordFields;
  values: { [field: string]: FieldValue[] };
  mentions: number;
}

/** What became of a mention. */
export interface Merged {
  id: number;
  /** `conflicted`: the record has another value for one of its fields. */
  outcome: 'added' | 'merged' | 'conflicted';
}

export interface RecordStore {
  /** Adds mentions, all or none. */
  add(mentions: readonly RecordMention[]): Merged[];
  /** All records, in the order in which they were first met. */
  records(): Iterable<KeptRecord>;
  count(): Omit<ExtractionSummary, 'dropped'>;
  /** How many records there are: quicker than `count`. */
  size(): number;
  close(): void;
}

/** Citations that are kept of one value; it counts all its mentions. */
const mostCitations = 8;

/** A word that more records have than this finds none: half the records of a list may share a year. */
const mostSharing = 64;
/** So many words of a mention, the rarest, are looked for. */
const mostWords = 4;

export function openRecordStore(path: string, { key, similarity }: RecordStoreOptions): RecordStore {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  // It survives the death of the process; a power cut does not matter, for it can be built again.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  database.exec(
    `CREATE TABLE IF NOT EXISTS records (
       id INTEGER PRIMARY KEY, conflicts INTEGER NOT NULL, unsupported INTEGER NOT NULL,
       mentions INTEGER NOT NULL, data TEXT NOT NULL
     ) STRICT;
     CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY, record INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE IF NOT EXISTS words (
       word TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (word, record)
     ) STRICT, WITHOUT ROWID;`,
  );
  const transact = createTransactor(database);
  const statements = prepareStatements(database);

  function find(id: number): KeptRecord {
    return JSON.parse(String(statements.selectRecord.get(id)?.['data'])) as KeptRecord;
  }

  /** The record that a mention is of, if it is known. */
  function match(mention: RecordMention, name: string): KeptRecord | undefined {
    const { fields } = mention;
    const named = statements.selectName.get(name)?.['record'];
    if (named !== undefined) return find(Number(named));
    if (isKeyed(fields)) return undefined;
    const seen = new Set<number>();
    for (const word of rarestWords(fields)) {
      for (const { record } of statements.selectWord.iterate(word, mostSharing)) seen.add(Number(record));
    }
    for (const id of [...seen].toSorted((a, b) => a - b)) {
      const known = find(id);
      if (isSameRecord(fields, known.values, similarity, isSeenAgain(mention, known))) return known;
    }
    return undefined;
  }

  const isKeyed = (fields: RecordFields): boolean =>
    key.length > 0 && key.every((field) => !isAbsent(fields[field]));

  /** Mentions with one name are of one record. Without its key, a mention is known by all its fields. */
  function nameOf(fields: RecordFields): string {
    const named = isKeyed(fields) ? key : Object.keys(fields).filter((field) => !isAbsent(fields[field]));
    const values = named.map((field) => [field, normalizeValue(fields[field] ?? null)]);
    return JSON.stringify(isKeyed(fields) ? ['key', values] : values);
  }

  function rarestWords(fields: RecordFields): string[] {
    const words = new Set(Object.values(fields).flatMap(wordsOfValue));
    return Array.from(words, (word) => ({
      word,
      count: Number(statements.countWord.get(word, mostSharing + 1)?.['count']),
    }))
      .filter(({ count }) => count > 0 && count <= mostSharing)
      .toSorted((a, b) => a.count - b.count)
      .slice(0, mostWords)
      .map(({ word }) => word);
  }

  function merge(mention: RecordMention): Merged {
    const { fields } = mention;
    const name = nameOf(fields);
    const known = match(mention, name);
    const record = known ?? {
      id: Number(statements.insertRecord.run().lastInsertRowid),
      first: fields,
      values: {},
      mentions: 0,
    };
    const hasNews = addValues(record, mention);
    const values = Object.values(record.values);
    statements.updateRecord.run(
      values.some((all) => all.length > 1) ? 1 : 0,
      values.some((all) => !isSupported(all[0])) ? 1 : 0,
      record.mentions,
      JSON.stringify(record),
      record.id,
    );
    statements.insertName.run(name, record.id);
    if (!isKeyed(fields)) {
      const words = new Set(Object.values(fields).flatMap(wordsOfValue));
      for (const word of words) statements.insertWord.run(word, record.id);
    }
    return { id: record.id, outcome: known ? (hasNews ? 'conflicted' : 'merged') : 'added' };
  }

  return {
    add: (mentions) => transact(() => mentions.map(merge)),
    *records() {
      for (const { data } of statements.selectRecords.iterate()) {
        yield JSON.parse(String(data)) as KeptRecord;
      }
    },
    count() {
      const row = statements.count.get() ?? {};
      const { records, mentions, conflicts, unsupported } = row as Record<string, number>;
      return {
        records: Number(records),
        mentions: Number(mentions),
        conflicts: Number(conflicts),
        unsupported: Number(unsupported),
      };
    },
    size: () => Number(statements.selectLast.get()?.['id'] ?? 0),
    close: () => database.close(),
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    insertRecord: database.prepare(
      "INSERT INTO records (conflicts, unsupported, mentions, data) VALUES (0, 0, 0, '')",
    ),
    updateRecord: database.prepare(
      'UPDATE records SET conflicts = ?, unsupported = ?, mentions = ?, data = ? WHERE id = ?',
    ),
    selectRecord: database.prepare('SELECT data FROM records WHERE id = ?'),
    selectLast: database.prepare('SELECT max(id) AS id FROM records'),
    selectRecords: database.prepare('SELECT data FROM records ORDER BY id'),
    selectName: database.prepare('SELECT record FROM names WHERE name = ?'),
    insertName: database.prepare('INSERT INTO names (name, record) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    selectWord: database.prepare('SELECT record FROM words WHERE word = ? LIMIT ?'),
    countWord: database.prepare('SELECT count(*) AS count FROM (SELECT 1 FROM words WHERE word = ? LIMIT ?)'),
    insertWord: database.prepare('INSERT INTO words (word, record) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    count: database.prepare(
      `SELECT count(*) AS records, coalesce(sum(mentions), 0) AS mentions,
       coalesce(sum(conflicts), 0) AS conflicts, coalesce(sum(unsupported), 0) AS unsupported FROM records`,
    ),
  };
}

/**
 * Adds what a mention says to its record. What stands where it was met before, because pieces overlap, is no other
 * mention. Returns whether the mention is in conflict with what was known.
 */
function addValues(record: KeptRecord, { fields, citations }: RecordMention): boolean {
  let hasNews = false;
  let isOther = false;
  for (const [field, value] of Object.entries(fields)) {
    if (isAbsent(value)) continue;
    const citation = citations[field];
    const values = (record.values[field] ??= []);
    const known = values.find((other) => normalizeValue(other.value) === normalizeValue(value));
    if (!known) {
      hasNews ||= values.length > 0;
      isOther = true;
      values.push({ value, mentions: 1, citations: citation ? [citation] : [] });
    } else if (!known.citations.some((other) => isSamePlace(other, citation))) {
      isOther = true;
      known.mentions += 1;
      if (citation) {
        known.citations = [...known.citations, citation]
          .toSorted((a, b) => Number(b.supported) - Number(a.supported))
          .slice(0, mostCitations);
      }
    }
  }
  if (isOther) record.mentions += 1;
  // The value with most mentions stands first; of equally many, one that is supported, then the one met first.
  for (const values of Object.values(record.values)) {
    values.sort((a, b) => b.mentions - a.mentions || Number(isSupported(b)) - Number(isSupported(a)));
  }
  return hasNews;
}

/** Whether all fields that a record and a mention of it have stand in the same places. */
function isSeenAgain({ fields, citations }: RecordMention, { values }: KeptRecord): boolean {
  return Object.entries(values).every(
    ([field, known]) =>
      isAbsent(fields[field]) ||
      known.some((value) => value.citations.some((citation) => isSamePlace(citation, citations[field]))),
  );
}

function isSamePlace(a: FieldCitation, b: FieldCitation | undefined): boolean {
  return (
    a.supported && b?.supported === true && a.source === b.source && a.start === b.start && a.end === b.end
  );
}

/** Whether a value's words stand in the source. */
export function isSupported(value: FieldValue | undefined): boolean {
  return value?.citations.some(({ supported }) => supported) === true;
}
