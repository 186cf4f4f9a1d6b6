import { MemagentError, type RunStore } from '@memagent/core';
import { readRunNote } from './run-note.ts';
import type { RunService } from './run-service.ts';

/**
 * Deletes the runs of chats that ended before `time` (milliseconds since the epoch), with their documents: their
 * answers have been given, and nobody lists them by themselves. Returns how many.
 */
export async function pruneChats(
  store: RunStore,
  service: Pick<RunService, 'remove'>,
  time: number,
): Promise<number> {
  let deleted = 0;
  for (const { runId, client, updatedAt } of await store.list()) {
    const origin = readRunNote(client)?.origin ?? 'runs';
    if (origin === 'runs' || updatedAt >= time) continue;
    try {
      await service.remove(runId);
      deleted += 1;
    } catch (error) {
      // At work, or deleted by somebody else.
      const code = error instanceof MemagentError ? error.code : undefined;
      if (code !== 'run-locked' && code !== 'run-not-found') throw error;
    }
  }
  return deleted;
}
