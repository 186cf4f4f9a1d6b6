/**
 * Which files of this machine a caller may name as a document: what lies under one of the roots, links followed,
 * and is not hidden. Without roots, none.
 */
import { MemagentError, type SourceSpec } from '@memagent/core';
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export interface FileGate {
  /**
   * The file or folder at a path, absolute or relative to one of the roots, as a source. Throws `invalid-option`
   * if it is not allowed, and `source-unreadable` if it is but is not there. Outside the roots nothing is looked at.
   */
  open(path: string): SourceSpec;
}

/** Makes a gate. Throws `source-unreadable` for a root that is no folder. */
export function createFileGate(roots: readonly string[]): FileGate {
  const allowed = roots.map((root) => {
    try {
      const real = realpathSync(resolve(root));
      if (statSync(real).isDirectory()) return { given: resolve(root), real };
    } catch (error) {
      throw unreadable(root, 'it cannot be opened as a folder to read from', error);
    }
    throw unreadable(root, 'it is not a folder to read from');
  });

  return {
    open(path) {
      if (path.includes('\0')) throw refused(path, 'it holds a zero');
      // A root may itself be a link, and be called either way.
      const candidates = allowed.flatMap(({ given, real }) =>
        [given, real]
          .map((root) => resolve(root, path))
          .filter((file) => isInside(given, file) || isInside(real, file)),
      );
      let cause: unknown;
      for (const candidate of candidates) {
        let file;
        try {
          file = realpathSync(candidate);
        } catch (error) {
          cause = error;
          continue;
        }
        const ways = allowed
          .filter(({ real }) => isInside(real, file))
          .map(({ real }) => relative(real, file));
        if (ways.length === 0) throw refused(path, 'it is a link out of the allowed folders');
        if (ways.every(isHidden)) throw refused(path, 'it is hidden');
        const stats = statSync(file);
        if (stats.isDirectory()) return { directory: file };
        if (stats.isFile()) return { file };
        throw refused(path, 'it is neither a file nor a folder');
      }
      if (candidates.length > 0) throw unreadable(path, 'there is no such file or folder', cause);
      throw refused(
        path,
        roots.length === 0
          ? 'no folder was opened for reading. Send the text itself, or have the server started with one'
          : `it lies outside the folders that are open for reading: ${roots.join(', ')}`,
      );
    },
  };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Of a path below a root: as a folder is read, too. */
function isHidden(way: string): boolean {
  return way.split(sep).some((part) => part.startsWith('.'));
}

function refused(path: string, reason: string): MemagentError {
  return new MemagentError(`May not read ${JSON.stringify(path)}: ${reason}.`, {
    code: 'invalid-option',
    data: { path },
  });
}

function unreadable(path: string, reason: string, cause?: unknown): MemagentError {
  return new MemagentError(`Cannot read ${JSON.stringify(path)}: ${reason}.`, {
    code: 'source-unreadable',
    data: { path },
    cause,
  });
}
