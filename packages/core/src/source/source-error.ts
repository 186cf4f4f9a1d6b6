/** The errors of sources: each names the source as people know it and says what to do. */
import { MemagentError, messageOf } from '../errors.ts';

/** What can be wrong with a source. */
export type SourceErrorCode =
  | 'source-unreadable'
  | 'source-empty'
  | 'source-binary'
  | 'source-incomplete'
  | 'source-changed';

/** Makes the error `Cannot read <source>: <problem>`; `problem` ends with what to do. */
export function sourceError(
  code: SourceErrorCode,
  source: string,
  problem: string,
  cause?: unknown,
): MemagentError {
  return new MemagentError(`Cannot read ${source}: ${problem}`, { code, data: { source, problem }, cause });
}

/** Makes the error for a folder that was given as a file. */
export function folderAsFile(path: string): MemagentError {
  return sourceError(
    'source-unreadable',
    path,
    'it is a folder. Give it as { directory: path } to read the files in it.',
  );
}

/** Makes the error for a file that was given as a folder. */
export function fileAsFolder(path: string): MemagentError {
  return sourceError('source-unreadable', path, 'it is no folder. Give a file as { file: path }.');
}

/** Turns whatever opening or reading a source has thrown into an error that says what to do. */
export function unreadable(source: string, cause: unknown): MemagentError {
  if (cause instanceof MemagentError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EISDIR') return folderAsFile(source);
  return sourceError('source-unreadable', source, problemOf(code, cause), cause);
}

function problemOf(code: unknown, cause: unknown): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file or folder. Check the path.';
    case 'EACCES':
    case 'EPERM':
      return 'permission is denied. Make it readable for this user (chmod u+r).';
    case 'ELOOP':
      return 'its symbolic links lead in a circle. Give the path of the file itself.';
    case 'ENOSPC':
      return 'the disk is full, so its text cannot be kept. Make room where runs are kept.';
    case 'ENAMETOOLONG':
      return 'the path is too long. If this is the text itself and not a path, give it as { text }.';
    default:
      return `${messageOf(cause)}. Check that it is complete and can be opened.`;
  }
}
