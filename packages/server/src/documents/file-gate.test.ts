import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileGate } from './file-gate.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memagent-gate-')));
const root = join(folder, 'open');
mkdirSync(join(root, 'inner', '.git'), { recursive: true });
mkdirSync(join(folder, 'open-not'));
for (const name of [
  'open/a.txt',
  'open/inner/b.txt',
  'open/.env',
  'open/inner/.git/config',
  'open/..c',
  'open-not/d',
  'secret',
])
  writeFileSync(join(folder, name), 'text');
symlinkSync(join(folder, 'secret'), join(root, 'link-out'));
symlinkSync(folder, join(root, 'folder-out'));
symlinkSync(join(root, 'a.txt'), join(root, 'link-in'));
symlinkSync(root, join(folder, 'alias'));

test.each([
  ['a.txt', { file: join(root, 'a.txt') }],
  ['./inner/../a.txt', { file: join(root, 'a.txt') }],
  [join(root, 'inner/b.txt'), { file: join(root, 'inner/b.txt') }],
  ['link-in', { file: join(root, 'a.txt') }],
  ['.', { directory: root }],
  ['inner', { directory: join(root, 'inner') }],
])('%s is open', (path, source) => {
  expect(createFileGate([root]).open(path)).toEqual(source);
});

test.each([
  ['../secret', /outside/],
  ['inner/../../secret', /outside/],
  [join(folder, 'secret'), /outside/],
  [join(folder, 'open-not/d'), /outside/],
  [`${root}/../open-not/d`, /outside/],
  ['/etc/passwd', /outside/],
  ['file:///etc/passwd', /no such file/],
  ['link-out', /link out/],
  ['folder-out/secret', /link out/],
  ['.env', /hidden/],
  ['inner/.git/config', /hidden/],
  ['a.txt\0.md', /zero/],
  ['missing.txt', /no such file/],
])('%s is not', (path, message) => {
  expect(() => createFileGate([root]).open(path)).toThrow(message);
});

test('whether a file outside exists is not told', () => {
  const gate = createFileGate([root]);
  const message = (path: string): string => {
    try {
      gate.open(path);
      return 'open';
    } catch (error) {
      return (error as Error).message.replace(JSON.stringify(path), '');
    }
  };
  expect(message('/etc/passwd')).toBe(message('/etc/no-such-file'));
});

test('several roots, one of them called by a link', () => {
  const gate = createFileGate([join(folder, 'open-not'), join(folder, 'alias')]);
  expect(gate.open('d')).toEqual({ file: join(folder, 'open-not/d') });
  expect(gate.open('a.txt')).toEqual({ file: join(root, 'a.txt') });
  expect(gate.open(join(folder, 'alias/a.txt'))).toEqual({ file: join(root, 'a.txt') });
  expect(gate.open(join(root, 'a.txt'))).toEqual({ file: join(root, 'a.txt') });
});

test('a hidden folder is open where it is a root itself', () => {
  const gate = createFileGate([root, join(root, 'inner/.git')]);
  expect(gate.open('inner/.git/config')).toEqual({ file: join(root, 'inner/.git/config') });
});

test('no roots, no files; and a root must be a folder', () => {
  expect(() => createFileGate([]).open('a.txt')).toThrow(/no folder was opened/);
  expect(() => createFileGate([join(root, 'a.txt')])).toThrow(/not a folder/);
  expect(() => createFileGate([join(root, 'none')])).toThrow(/cannot be opened/);
});

test.skipIf(process.platform === 'win32')('a pipe is not opened', () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  expect(() => createFileGate([root]).open('pipe')).toThrow(/neither a file nor a folder/);
});
