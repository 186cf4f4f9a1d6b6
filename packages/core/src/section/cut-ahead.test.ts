import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collect } from './collect.ts';
import { cutAhead } from './cut-ahead.ts';

const never = new AbortController().signal;

async function* count(): AsyncGenerator<number> {
  for (let item = 0; item < 100; item++) yield item;
}

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error('gone');
}

it('gives all items in order, however fast they are taken', async () => {
  const expected = Array.from({ length: 100 }, (_, item) => item);
  expect(await collect(cutAhead(count, never))).toEqual(expected);
  const slowly: number[] = [];
  for await (const item of cutAhead(count, never)) {
    slowly.push(item);
    if (item % 9 === 0) await wait(3);
  }
  expect(slowly).toEqual(expected);
});

it('cuts one item, and no more, while the last one is being read', async () => {
  const cut: string[] = [];
  async function* letters(): AsyncGenerator<string> {
    for (const letter of 'abcd') {
      cut.push(letter);
      yield letter;
    }
  }
  const items = cutAhead(letters, never);
  await items.next();
  expect(cut).toEqual(['a']);
  await wait(50);
  expect(cut).toEqual(['a', 'b']);
  await items.return(undefined);
});

it('an error comes when its item is asked for, not before', async () => {
  const items = cutAhead(failing, never);
  expect(await items.next()).toEqual({ value: 1, done: false });
  await wait(50);
  await expect(items.next()).rejects.toThrow('gone');
});

it('whoever leaves does not wait for an input that is silent', async () => {
  let isClosed = false;
  async function* silent(signal: AbortSignal): AsyncGenerator<number> {
    try {
      yield 1;
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    } finally {
      isClosed = true;
    }
  }
  for await (const item of cutAhead(silent, never)) {
    expect(item).toBe(1);
    await wait(50);
    break;
  }
  expect(isClosed).toBe(true);
});
