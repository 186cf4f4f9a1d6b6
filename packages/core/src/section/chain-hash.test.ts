import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { chainHash } from './chain-hash.ts';

it('chains the hash before and the text', () => {
  const first = chainHash('', 'One.');
  expect(first).toBe(createHash('sha256').update('\nOne.').digest('hex'));
  expect(chainHash(first, 'Two.')).toBe(createHash('sha256').update(`${first}\nTwo.`).digest('hex'));
});
