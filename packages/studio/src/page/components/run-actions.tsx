import { useState } from 'preact/hooks';
import type { RunStatus } from '../api/types.ts';
import { call, messageOf } from '../api/client.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ErrorNotice } from './status.tsx';

export type RunAction = 'pause' | 'resume' | 'cancel' | 'delete';

export interface RunActionsProps {
  runId: string;
  status: RunStatus;
  onAct: (action: RunAction) => void;
}

/** What cannot be undone, and is asked before. */
const finalActions = {
  cancel: {
    title: 'Cancel this run?',
    explanation:
      'It stops now, writes no answer, and cannot be resumed. The memory so far, and what was sent and received, are kept until you delete the run. To go on later, pause it instead.',
    action: 'Cancel the run',
    otherwise: 'Let it go on',
  },
  delete: {
    title: 'Delete this run?',
    explanation:
      'Its answer, its memory and all that was sent and received are deleted, and so are the documents that were sent for it alone. Files that you uploaded stay.',
    action: 'Delete the run',
    otherwise: 'Keep it',
  },
} as const;

/** A paused run can be resumed, a cancelled one is over; either keeps what it has read. */
export function RunActions({ runId, status, onAct }: RunActionsProps) {
  const [asked, setAsked] = useState<keyof typeof finalActions>();
  const [error, setError] = useState<string>();
  const final = status === 'running' ? 'cancel' : 'delete';
  const { explanation, ...words } = finalActions[asked ?? final];
  return (
    <div class="stack tight">
      <div class="row">
        {status === 'running' && (
          <button
            type="button"
            class="button"
            title="Stops now; it can be resumed"
            onClick={() => onAct('pause')}
          >
            Pause
          </button>
        )}
        {status === 'stopped' && (
          <button type="button" class="button primary" onClick={() => onAct('resume')}>
            Resume
          </button>
        )}
        <a class="button" href={`/compare?a=${encodeURIComponent(runId)}`}>
          Compare
        </a>
        <button
          type="button"
          class="button"
          onClick={() => {
            setError(undefined);
            saveTrace(runId).catch((reason: unknown) => setError(messageOf(reason)));
          }}
        >
          Export trace
        </button>
        <button type="button" class="button danger" onClick={() => setAsked(final)}>
          {final === 'cancel' ? 'Cancel' : 'Delete'}
        </button>
      </div>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      <ConfirmDialog
        {...words}
        isOpen={asked !== undefined}
        onConfirm={() => asked !== undefined && onAct(asked)}
        onClose={() => setAsked(undefined)}
      >
        <p>{explanation}</p>
      </ConfirmDialog>
    </div>
  );
}

async function saveTrace(runId: string): Promise<void> {
  const response = await call(`/v1/runs/${encodeURIComponent(runId)}/trace`);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${runId}.jsonl`;
  link.click();
  URL.revokeObjectURL(address);
}
