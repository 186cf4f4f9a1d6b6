import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecordStore, type RecordStoreOptions } from './record-store.ts';
import type { RecordFields, RecordMention } from './records.ts';

let folder = '';
let stores = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-records-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (options: Partial<RecordStoreOptions> = {}) =>
  openRecordStore(join(folder, `${(stores += 1)}.sqlite`), { key: [], similarity: 0.9, ...options });

/** A mention whose fields stand one after the other from `at` on; at -1 nowhere. */
function mention(fields: RecordFields, at: number): RecordMention {
  const citations = Object.keys(fields).map((field, index) => [
    field,
    {
      quote: String(fields[field]),
      supported: at >= 0,
      source: at >= 0 ? 'book.txt' : '',
      page: null,
      start: at >= 0 ? at + 10 * index : 0,
      end: at >= 0 ? at + 10 * index + 5 : 0,
      section: 1,
    },
  ]);
  return { fields, citations: Object.fromEntries(citations) };
}

const ada = { name: 'Ada Holm', place: 'Skagen', year: 1874 };

test('what stands where it was met before is no other mention', () => {
  using store = disposable(open());
  expect(store.add([mention(ada, 0), mention(ada, 0), mention(ada, 500)])).toEqual([
    { id: 1, outcome: 'added' },
    { id: 1, outcome: 'merged' },
    { id: 1, outcome: 'merged' },
  ]);
  const [record] = [...store.records()];
  expect(record?.mentions).toBe(2);
  expect(record?.values['name']?.[0]).toMatchObject({
    mentions: 2,
    citations: [{ start: 0 }, { start: 500 }],
  });
});

test('a record that was cut off is completed by the same statement, not by another', () => {
  using store = disposable(open());
  store.add([mention({ name: 'Ada Holm' }, 0), mention(ada, 0)]);
  expect(store.count()).toMatchObject({ records: 1, mentions: 2, conflicts: 0 });
  store.add([mention({ name: 'Bo Berg' }, 500), mention({ ...ada, name: 'Bo Berg' }, 700)]);
  expect(store.size()).toBe(3);
});

/** What Ada Holm's record says of the year. */
const said = (year: number, at: number): RecordMention => mention({ name: 'Ada Holm', year }, at);

test('of values in conflict the one with most mentions comes first, then one that is supported', () => {
  using store = disposable(open({ key: ['name'] }));
  expect(store.add([said(1, -1), said(2, 100)]).at(-1)).toEqual({ id: 1, outcome: 'conflicted' });
  const yearsOf = () => [...store.records()][0]?.values['year']?.map(({ value }) => value);
  expect(yearsOf()).toEqual([2, 1]);
  store.add([said(3, 200), said(3, 300)]);
  expect(yearsOf()).toEqual([3, 2, 1]);
  expect(store.count()).toEqual({ records: 1, mentions: 4, conflicts: 1, unsupported: 0 });
});

test('few citations of a value are kept, all its mentions are counted', () => {
  using store = disposable(open({ key: ['name'] }));
  store.add(Array.from({ length: 50 }, (_, index) => mention(ada, index * 100)));
  const [record] = [...store.records()];
  expect(record?.mentions).toBe(50);
  expect(record?.values['name']).toMatchObject([{ mentions: 50, citations: { length: 8 } }]);
});

test('all mentions are added, or none', () => {
  using store = disposable(open());
  const broken = { fields: ada, citations: undefined } as unknown as RecordMention;
  expect(() => store.add([mention(ada, 0), broken])).toThrow(TypeError);
  expect(store.size()).toBe(0);
});

test('records that share all their words with hundreds are still found by all of them together', () => {
  using store = disposable(open());
  const rows = Array.from({ length: 400 }, (_, index) => ({
    name: ['Ada', 'Bo', 'Cem', 'Dag'][index % 4]!,
    year: 1800 + (Math.floor(index / 4) % 10),
    place: `Pier ${Math.floor(index / 40)}`,
  }));
  store.add(rows.map((row, index) => mention(row, index * 100)));
  store.add(
    rows.map((row, index) => mention({ ...row, name: row.name.toUpperCase() }, 100_000 + index * 100)),
  );
  expect(store.count()).toMatchObject({ records: 400, mentions: 800, conflicts: 0 });
});

function disposable<T extends { close(): void }>(store: T): T & Disposable {
  return Object.assign(store, { [Symbol.dispose]: () => store.close() });
}
