import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { distinctNames } from './distinct-names.ts';

test.each([
  ['the last part where it is the only one', ['/a/x.txt', '/b/y.txt'], ['x.txt', 'y.txt']],
  ['one folder where that tells', ['/a/x.txt', '/b/x.txt', '/b/y.txt'], ['a/x.txt', 'b/x.txt', 'y.txt']],
  ['more where one is not enough', ['/1/s/x', '/2/s/x', '/3/t/x'], ['1/s/x', '2/s/x', 't/x']],
  ['all of a path that others end with', ['/x', '/a/x', '/b/a/x'], ['x', 'a/x', 'b/a/x']],
  ['the same for the same path', ['/a/x', '/a/x'], ['x', 'x']],
  ['nothing', [], []],
])('%s', (_name, given, expected) => {
  const paths = given.map((path) => resolve(path));
  const names = distinctNames(paths);
  expect(paths.map((path) => names.get(path)?.replace(/^[A-Z]:\//, ''))).toEqual(expected);
});
