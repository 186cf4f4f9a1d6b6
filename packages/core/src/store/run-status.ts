import { MemagentError } from '../errors.ts';
import type { RunStatus, RunStore } from './run-store.ts';

/** The status as it really is: a run marked as running that nobody works on was killed, and can be resumed. */
export async function runStatus(
  store: Pick<RunStore, 'lock'>,
  { runId, status }: { runId: string; status: RunStatus },
): Promise<RunStatus> {
  if (status !== 'running') return status;
  try {
    const lock = await store.lock(runId);
    await lock.release();
    return 'stopped';
  } catch (error) {
    if (error instanceof MemagentError && error.code === 'run-locked') return 'running';
    throw error;
  }
}
