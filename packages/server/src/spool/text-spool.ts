import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LongText } from './long-text.ts';

/** A folder for the long texts of one request, made when the first of them comes. */
export interface TextSpool {
  /** Begins a text. Only one is written at a time. */
  begin(): TextWriter;
  /** Removes everything, also a text that is not at its end. */
  remove(): Promise<void>;
}

export interface TextWriter {
  /** Takes the next piece; a piece never ends within a pair of surrogates. Written when `flush` is called. */
  push(piece: string): void;
  /** Writes what has come, once the text is too long for memory. */
  flush(): Promise<void>;
  /** The whole text: in memory if it is short. */
  end(): Promise<string | LongText>;
}

export interface SpoolOptions {
  folder: string;
  /** Texts up to this length, in UTF-16 units, stay in memory. Default 64 Ki. */
  shortLength?: number;
  /** What all short texts together may have; after that all go to the disk. Default 4 Mi. */
  memoryLength?: number;
}

export function createTextSpool({
  folder,
  shortLength = 1 << 16,
  memoryLength = 1 << 22,
}: SpoolOptions): TextSpool {
  let inMemory = 0;
  let files = 0;
  const handles = new Set<FileHandle>();

  async function close(handle: FileHandle): Promise<void> {
    handles.delete(handle);
    await handle.close();
  }

  return {
    begin() {
      let pieces: string[] = [];
      let pending = 0;
      let unit = 0;
      let byte = 0;
      let handle: FileHandle | undefined;
      let file = '';
      const marks: { unit: number; byte: number }[] = [];

      async function write(): Promise<void> {
        if (handle === undefined) {
          await mkdir(folder, { recursive: true, mode: 0o700 });
          file = join(folder, String(files++));
          handle = await open(file, 'wx', 0o600);
          handles.add(handle);
        }
        const bytes = Buffer.from(pieces.join(''));
        marks.push({ unit, byte });
        unit += pending;
        byte += bytes.length;
        pieces = [];
        pending = 0;
        await handle.writeFile(bytes);
      }

      return {
        push(piece) {
          pieces.push(piece);
          pending += piece.length;
        },
        async flush() {
          const most = Math.min(shortLength, memoryLength - inMemory);
          if (pending > 0 && (handle !== undefined ? pending >= shortLength : pending > most)) await write();
        },
        async end() {
          if (handle === undefined && pending <= Math.min(shortLength, memoryLength - inMemory)) {
            inMemory += pending;
            return pieces.join('');
          }
          if (pending > 0) await write();
          if (handle) await close(handle);
          return new LongText(file, marks, { unit, byte });
        },
      };
    },
    async remove() {
      for (const handle of handles) await close(handle);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
