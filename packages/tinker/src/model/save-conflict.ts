/**
 * A save whose answer was lost is sent again. A server that tells requests apart by their numbers answers it
 * as the first; one that does not (SkyRL) says that there is a checkpoint of that name: our own.
 */
import { TinkerError } from '../errors.ts';
import type { SessionContext } from '../session/session-context.ts';

const pauseMs = 1000;

/** Whether a save was refused only because an earlier attempt of the same save had been taken; else it throws. */
export function findOwnSave(error: unknown): 'saved-before' {
  if (error instanceof TinkerError && error.status === 409 && (error.attempts ?? 1) > 1)
    return 'saved-before';
  throw error;
}

/** Waits until a checkpoint is listed, which servers do when it is complete; returns its path. */
export async function waitForCheckpoint(
  { connection, checkpoints }: SessionContext,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const { clock, retry } = connection;
  const startedAt = clock.now();
  const run = new URL(path).hostname;
  for (;;) {
    const listed = await checkpoints.ofRun(run, { signal });
    if (listed.some((checkpoint) => checkpoint.path === path)) return path;
    if (clock.now() - startedAt > retry.giveUpAfterMs)
      throw new TinkerError(
        'result-lost',
        `The server took the save of ${path} but does not list it. Save again under another name.`,
        { retryable: true },
      );
    await clock.sleep(pauseMs, signal);
  }
}
