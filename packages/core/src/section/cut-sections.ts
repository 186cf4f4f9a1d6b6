/**
 * Cuts sources into sections as they are read. With one source, the texts of the sections joined are the text of
 * the source, character for character; with several, headers (see source-header.ts) stand between, and the texts
 * of a source's spans joined are its text.
 */
import { MemagentError } from '../errors.ts';
import type { OpenSource, SourceInfo } from '../source/source.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { createAssembly, divide, type Division } from './assembly.ts';
import { createDraft } from './draft.ts';
import { type Piece, readPieces } from './read-pieces.ts';
import type { Section, SectionSpan } from './section.ts';

export interface CutSectionsOptions {
  /** One for all sections, or asked for before each. */
  tokenizer: Tokenizer | ((section: number) => Tokenizer);
  /** Most tokens of a section; asked for before each. */
  maxTokens: (section: number) => number;
  /** Whether each source is announced by a line with its name: true if the document may have several. */
  headers: boolean;
  /**
   * Sections that were cut before, in order. They are cut again by their lengths, without counting. Where the
   * sources have changed, a section has other text than before, or none: compare hashes.
   */
  known?: Iterable<KnownSection>;
  /** A source was read to its end, be it in retracing; sections with its last characters may still follow. */
  onSourceEnd?: (source: SourceInfo, characters: number) => void | Promise<void>;
  signal?: AbortSignal;
}

/** What a section's record keeps. */
export interface KnownSection {
  tokens: number;
  spans: readonly Pick<SectionSpan, 'source' | 'start' | 'end'>[];
}

/** Longest piece to be counted at a time, in UTF-16 units. */
const longestPiece = 512;

/** The pieces of small sections are shorter, so that they fill up. */
function pieceLengthFor(maxTokens: number): number {
  return Math.min(longestPiece, Math.max(48, Math.floor(maxTokens / 16)));
}

/** The document, section by section. Reads ahead of what it gives by a few pieces only. */
export async function* cutSections(
  sources: AsyncIterable<OpenSource>,
  { tokenizer, maxTokens, headers, known = [], onSourceEnd, signal }: CutSectionsOptions,
): AsyncGenerator<Section> {
  // Where sections end depends on the pieces that they are put together from: always the same ones.
  const first = checkMost(maxTokens(1));
  const pieceLength = pieceLengthFor(first);
  const pieces = readPieces(sources, { pieceLength: () => pieceLength, signal, onSourceEnd });
  let waiting: Piece[] = [];
  let number = 0;

  async function next(): Promise<Piece | undefined> {
    return waiting.shift() ?? (await pieces.next()).value ?? undefined;
  }

  function giveBack(rest: readonly Piece[]): void {
    waiting = [...rest, ...waiting];
  }

  function toSection({ text, spans, rest }: Division, tokens: number): Section {
    giveBack(rest);
    return { number: ++number, tokens, text, spans };
  }

  /** Takes the characters that a section had; stops where the sources no longer have them. */
  async function retrace(spans: KnownSection['spans']): Promise<Division> {
    const assembly = createAssembly(headers);
    for (const span of spans) {
      for (let missing = span.end - span.start; missing > 0;) {
        const piece = await next();
        if (!piece) break;
        if (piece.source.info.index !== span.source) {
          giveBack([piece]);
          break;
        }
        const taken = piece.text.slice(0, missing);
        assembly.add({ ...piece, text: taken, seam: false });
        missing -= taken.length;
        if (taken.length < piece.text.length) giveBack([{ ...piece, text: piece.text.slice(taken.length) }]);
      }
    }
    return divide(assembly, assembly.text.length);
  }

  try {
    for (const { tokens, spans } of known) yield toSection(await retrace(spans), tokens);
    for (;;) {
      signal?.throwIfAborted();
      const most = number === 0 ? first : checkMost(maxTokens(number + 1));
      const draft = createDraft(typeof tokenizer === 'object' ? tokenizer : tokenizer(number + 1), headers);
      let isEmpty = true;
      while (!draft.exceeds(most)) {
        const piece = await next();
        if (!piece) break;
        draft.add(piece);
        isEmpty = false;
      }
      if (isEmpty) return;
      const { tokens, ...division } = draft.cut(most);
      yield toSection(division, tokens);
    }
  } finally {
    await pieces.return(undefined);
  }
}

function checkMost(maxTokens: number): number {
  if (maxTokens >= 1) return maxTokens;
  throw new MemagentError(
    `A section needs at least 1 token, got ${maxTokens}. Raise sectionTokens or the window.`,
    {
      code: 'window-too-small',
      data: { maxTokens },
    },
  );
}
