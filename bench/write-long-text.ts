import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBook } from './book.ts';

/**
 * Writes a text file of at least so many bytes: the book's paragraphs in another order each time round, each with
 * a number of its own, so that no two stretches are alike and no cache can hold all words.
 */
export async function writeLongText(path: string, bytes: number): Promise<void> {
  await pipeline(Readable.from(paragraphs(readBook().split('\n\n'), bytes)), createWriteStream(path));
}

function* paragraphs(book: readonly string[], bytes: number): Generator<Buffer> {
  // A stride without a common divisor visits every paragraph; the next round begins with another one.
  const stride = 7919;
  let written = 0;
  for (let number = 1; written < bytes; number += 1) {
    const round = Math.floor(number / book.length);
    const paragraph = book[(number * stride + round) % book.length] ?? '';
    const text = Buffer.from(`${number.toString(36)}${number}. ${paragraph}\n\n`);
    written += text.length;
    yield text;
  }
}
