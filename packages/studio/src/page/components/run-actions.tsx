import { useState } from 'preact/hooks';
import type { RunStatus } from '../api/types.ts';
import { call, messageOf } from '../api/client.ts';
import { ErrorNotice } from './status.tsx';

export interface RunActionsProps {
  runId: string;
  status: RunStatus;
  onAct: (action: 'cancel' | 'resume' | 'delete') => void;
}

/** Pausing and cancelling are one to the server: it stops at once, keeps what was read, and can be resumed. */
export function RunActions({ runId, status, onAct }: RunActionsProps) {
  const [isSure, setSure] = useState(false);
  const [error, setError] = useState<string>();
  return (
    <div class="stack tight">
      <div class="row">
        {status === 'running' && (
          <button
            type="button"
            class="button"
            title="Stops at once; what was read is kept"
            onClick={() => onAct('cancel')}
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
        {status === 'running' ? (
          <button
            type="button"
            class="button danger"
            onClick={() => (isSure ? onAct('cancel') : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {isSure ? 'Really cancel?' : 'Cancel'}
          </button>
        ) : (
          <button
            type="button"
            class="button danger"
            onClick={() => (isSure ? onAct('delete') : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {isSure ? 'Really delete, with all that was kept?' : 'Delete'}
          </button>
        )}
      </div>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
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
