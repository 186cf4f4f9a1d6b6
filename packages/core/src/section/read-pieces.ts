import { lastSeam } from '../tokenizer/seam.ts';
import type { OpenSource, PageStart, SourceInfo } from '../source/source.ts';
import { wholeEnd } from './natural-end.ts';
import { untilAborted } from './until-aborted.ts';

/** How far a source has been read and given out. */
export interface SourceProgress {
  info: SourceInfo;
  /** Where the next section goes on: UTF-16 units and UTF-8 bytes from the start of the text. */
  offset: number;
  bytes: number;
  /** Pages from the one in force at `offset` on, as far as they have been read. */
  pages: PageStart[];
}

/** The next few hundred characters of a source: what is counted at a time. */
export interface Piece {
  source: SourceProgress;
  text: string;
  /** Whether it ends at a seam, so that its tokens can be added to those of what follows. */
  seam: boolean;
}

export interface ReadPiecesOptions {
  /** Length of the next piece, in UTF-16 units; asked anew for each. */
  pieceLength: () => number;
  signal: AbortSignal | undefined;
  /** A source was read to its end. */
  onSourceEnd: ((source: SourceInfo, characters: number) => void | Promise<void>) | undefined;
}

/** How far back from its full length a piece may end to end at a seam. */
const seamDistance = 128;

/** Reads sources one after the other, in pieces. No piece ends inside a surrogate pair or a CR LF. */
export async function* readPieces(
  sources: AsyncIterable<OpenSource>,
  { pieceLength, signal, onSourceEnd }: ReadPiecesOptions,
): AsyncGenerator<Piece> {
  for await (const { info, chunks } of untilAborted(sources, signal)) {
    const source: SourceProgress = { info, offset: 0, bytes: 0, pages: [] };
    let characters = 0;
    let text = '';
    for await (const chunk of untilAborted(chunks, signal)) {
      if (chunk.page !== undefined) source.pages.push({ page: chunk.page, start: characters });
      characters += chunk.text.length;
      text += chunk.text;
      let start = 0;
      // The last characters wait for what follows them.
      for (let end = start + pieceLength(); end < text.length; end = start + pieceLength()) {
        const piece = takePiece(source, text, start, end);
        start += piece.text.length;
        yield piece;
      }
      if (start > 0) text = text.slice(start);
    }
    if (text !== '') yield { source, text, seam: false };
    await onSourceEnd?.(info, characters);
  }
}

/** The piece from `start` to at most `end`, which lies before the end of the text. */
function takePiece(source: SourceProgress, text: string, start: number, end: number): Piece {
  const seam = lastSeam(text, Math.max(start, end - seamDistance), end);
  // At least one character whole, so that reading goes on.
  const whole = Math.max(wholeEnd(text, end), wholeEnd(text, start + 2));
  return { source, text: text.slice(start, seam ?? whole), seam: seam !== undefined };
}
