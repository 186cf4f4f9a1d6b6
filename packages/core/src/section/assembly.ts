import type { SectionSpan } from './section.ts';
import { headerName, headerOpening } from './source-header.ts';
import type { Piece, SourceProgress } from './read-pieces.ts';

/** A section's text while pieces are put together, and where each came from. */
export interface Assembly {
  readonly text: string;
  readonly pieces: readonly PlacedPiece[];
  /** Appends a piece, with a header before it where a source begins or the section does. */
  add(piece: Piece): void;
}

/** A piece and where it stands in the assembled text. */
export interface PlacedPiece extends Piece {
  textStart: number;
}

/** Called for each stretch of text that is appended, and whether a seam follows it. */
export type OnAppend = (text: string, seam: boolean) => void;

/**
 * Starts the text of one section. (`text` is a field rather than a getter: V8 makes a hidden class for every getter
 * that is created, which keeps each section alive until the next full garbage collection.)
 */
export function createAssembly(headers: boolean, onAppend?: OnAppend): Assembly {
  let current: SourceProgress | undefined;
  const pieces: PlacedPiece[] = [];
  const assembly = { text: '', pieces, add };

  function append(part: string, seam: boolean): void {
    assembly.text += part;
    onAppend?.(part, seam);
  }

  function add(piece: Piece): void {
    if (headers && piece.source !== current) {
      const before = pieces.at(-1)?.text.endsWith('\n') === false ? '\n' : '';
      append(before + headerOpening, true);
      append(headerName(piece.source.info.name), false);
    }
    current = piece.source;
    pieces.push({ ...piece, textStart: assembly.text.length });
    append(piece.text, piece.seam);
  }

  return assembly;
}

/** An assembled text up to `end`, and the pieces that are left for the next section. */
export interface Division {
  text: string;
  spans: SectionSpan[];
  rest: Piece[];
}

/** Divides at `end`, which lies within a piece or at its end, and advances the sources past it. */
export function divide({ text, pieces }: Assembly, end: number): Division {
  const spans: SectionSpan[] = [];
  const rest: Piece[] = [];
  for (let index = 0; index < pieces.length;) {
    const first = pieces[index] as PlacedPiece;
    let spanEnd = first.textStart;
    for (let piece = pieces[index]; piece?.source === first.source; piece = pieces[++index]) {
      const taken = Math.min(Math.max(end - piece.textStart, 0), piece.text.length);
      if (taken > 0) spanEnd = piece.textStart + taken;
      if (taken < piece.text.length) rest.push({ ...piece, text: piece.text.slice(taken) });
    }
    if (spanEnd > first.textStart) spans.push(takeSpan(first, text.slice(first.textStart, spanEnd)));
  }
  return { text: text.slice(0, end), spans, rest };
}

function takeSpan({ source, textStart }: PlacedPiece, text: string): SectionSpan {
  const { info, offset: start, bytes: byteStart } = source;
  const end = start + text.length;
  const byteEnd = byteStart + Buffer.byteLength(text, 'utf8');
  while ((source.pages[1]?.start ?? Infinity) <= start) source.pages.shift();
  const pages = source.pages.filter((page) => page.start < end);
  source.offset = end;
  source.bytes = byteEnd;
  return {
    source: info.index,
    start,
    end,
    byteStart,
    byteEnd,
    ...(pages.length > 0 ? { pages } : {}),
    textStart,
  };
}
