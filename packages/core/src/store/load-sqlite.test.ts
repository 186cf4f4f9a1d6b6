import { afterEach, expect, test, vi } from 'vitest';

import { loadSqlite } from './load-sqlite.ts';

const warning = 'SQLite is an experimental feature and might change at any time';

afterEach(() => vi.restoreAllMocks());

test('holds back the warning about SQLite while it loads, and no other', () => {
  const given = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const spy = process.emitWarning;
  const load = process.getBuiltinModule.bind(process);
  // What Node 22 does while it loads the module.
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) => {
    process.emitWarning(warning, 'ExperimentalWarning');
    process.emitWarning('another', 'ExperimentalWarning');
    return load(name);
  }) as typeof process.getBuiltinModule);

  expect(loadSqlite().DatabaseSync).toBeTypeOf('function');
  expect(given.mock.calls).toEqual([['another', 'ExperimentalWarning']]);

  expect(process.emitWarning).toBe(spy);
  process.emitWarning(warning, 'ExperimentalWarning');
  expect(given).toHaveBeenCalledTimes(2);
});

test('says which Node is needed when there is no SQLite', () => {
  const { emitWarning } = process;
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  expect(() => loadSqlite()).toThrow(/Use Node 22\.13 or later/);
  expect(process.emitWarning).toBe(emitWarning);
});
