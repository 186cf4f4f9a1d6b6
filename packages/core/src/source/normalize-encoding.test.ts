import { expect, it } from 'vitest';
import { normalizeEncoding } from './normalize-encoding.ts';

it.each([
  ['UTF8', 'utf-8'],
  [' utf-8 ', 'utf-8'],
  ['latin1', 'windows-1252'],
  ['ISO-8859-1', 'windows-1252'],
  ['sjis', 'shift_jis'],
  ['GB2312', 'gbk'],
  ['UTF-16', 'utf-16le'],
  ['utf-32le', 'utf-32le'],
  ['cp437', 'cp437'],
])('calls %s %s', (name, normalized) => {
  expect(normalizeEncoding(name)).toBe(normalized);
});

it('refuses what is no encoding', () => {
  expect(() => normalizeEncoding('klingon')).toThrow(
    expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('"klingon"') }),
  );
});
