import type { ChatText } from '@memagent/core';
import { open } from 'node:fs/promises';

/** Where a piece of the text begins. */
interface Mark {
  /** In UTF-16 units. */
  unit: number;
  byte: number;
}

/** A text that lies in a UTF-8 file and is read by its UTF-16 offsets, in stretches of any length. */
export class LongText implements ChatText {
  readonly length: number;
  /** Absolute path; the file holds nothing else. */
  readonly file: string;
  readonly #marks: readonly Mark[];
  readonly #bytes: number;

  /** `marks` begin with 0 and 0, ascend, and never stand within a character. */
  constructor(file: string, marks: readonly Mark[], end: Mark) {
    this.file = file;
    this.length = end.unit;
    this.#bytes = end.byte;
    this.#marks = marks;
  }

  async read(start: number, end: number): Promise<string> {
    if (start >= end) return '';
    const first = this.#before(start);
    const { byte: endByte } = this.#after(end);
    await using handle = await open(this.file);
    const bytes = Buffer.allocUnsafe(endByte - first.byte);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, first.byte);
    if (bytesRead < bytes.length) throw new Error(`The spooled text ${this.file} was cut short.`);
    return bytes.toString('utf8').slice(start - first.unit, end - first.unit);
  }

  #before(unit: number): Mark {
    let low = 0;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#marks[middle]?.unit ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return this.#marks[low] ?? { unit: 0, byte: 0 };
  }

  #after(unit: number): Mark {
    return this.#marks.find((mark) => mark.unit >= unit) ?? { unit: this.length, byte: this.#bytes };
  }
}

/** Yields a stretch of a text in blocks, for whoever writes it on. */
export async function* blocksOf(text: ChatText, start = 0, end = text.length): AsyncGenerator<string> {
  const block = 1 << 18;
  let at = start;
  while (at < end) {
    let next = Math.min(end, at + block);
    const piece = await text.read(at, next);
    // A pair of surrogates stays together, so that each block can be encoded alone.
    const isCut = next < end && /[\ud800-\udbff]$/.test(piece);
    if (isCut) next -= 1;
    yield isCut ? piece.slice(0, -1) : piece;
    at = next;
  }
}
