/**
 * A source is a text that is read as a stream and can be read again by position. Its offsets are UTF-16 code
 * units of the *extracted text*: for a plain text file the decoded file (BOM and CRLF kept), for a PDF the
 * text of its pages. Where that text is not the file's own bytes in UTF-8, it is kept in the run's folder.
 */

/** What a caller may hand over as the document. A bare string is the text itself, never a path. */
export type SourceInput =
  | string
  | Uint8Array
  /** A `file:` URL. */
  | URL
  | SourceStream
  | SourceSpec
  | readonly SourceInput[];

/** Text or bytes that arrive over time. Strings are text as they are; bytes have their encoding detected. */
export type SourceStream = ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** A source described by an object. */
export type SourceSpec =
  | { text: string; name?: string }
  | { file: string; mediaType?: string; encoding?: string }
  | { directory: string }
  | { stream: SourceStream; name?: string; mediaType?: string; encoding?: string };

/**
 * The part of a source's description that a run keeps, so that another process can open it again. Paths are
 * absolute.
 */
export type SourceRecord =
  | { kind: 'file'; path: string; mediaType?: string; encoding?: string }
  | { kind: 'directory'; path: string }
  /** A string or stream, spooled to `file` (relative to the run's folder) as it was read. */
  | { kind: 'spool'; file: string; name: string; mediaType?: string; encoding?: string };

/** What is known of a source once it is open. Serializable: it is part of the trace. */
export interface SourceInfo {
  /** Position in the run's list of sources, from 0. */
  index: number;
  /**
   * How people call it: a path relative to the directory given, a file name, `stdin`, `text`. Of several files
   * with one name, and of files of a directory beside other paths, as much of the path as tells them apart.
   */
  name: string;
  /** Absolute path, where the source is a file. */
  path?: string;
  /** IANA media type that chose the extractor, for example `text/plain` or `application/pdf`. */
  mediaType: string;
  /** The encoding that the bytes were decoded with, lower case, for example `utf-8`; absent for PDF, DOCX, EPUB. */
  encoding?: string;
  /** Size of the original in bytes, where it is known before reading. */
  bytes?: number;
  /**
   * The UTF-8 file whose bytes are the extracted text: absolute for the original itself, otherwise relative
   * to the run's folder. Once the original turns out to hold invalid UTF-8, `keptTextFile(index)` in the run's
   * folder takes its place; `createSpanReader` knows.
   */
  textFile: string;
}

/** A stretch of extracted text, in order, without gaps. */
export interface TextChunk {
  text: string;
  /** Set on the first chunk of a page (1-based); the page begins at the first character of this chunk. */
  page?: number;
}

/** An open source. `chunks` can be iterated once. */
export interface OpenSource {
  info: SourceInfo;
  chunks: AsyncIterable<TextChunk>;
}

/** Where one page of a source begins, in UTF-16 offsets of the extracted text. */
export interface PageStart {
  page: number;
  start: number;
}

/** A stretch of one source. Positions refer to the extracted text. */
export interface SourceSpan {
  /** Index into the run's list of sources. */
  source: number;
  /** UTF-16 offsets, end exclusive. */
  start: number;
  end: number;
  /** The same stretch in bytes of the source's UTF-8 text file, so that it can be read again by seeking. */
  byteStart: number;
  byteEnd: number;
  /** The page in force at `start`, then each page that begins inside the span. Absent without pages. */
  pages?: PageStart[];
}
