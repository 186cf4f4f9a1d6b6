import type { ComponentChildren } from 'preact';
import type { RunStatus } from '../api/types.ts';

const words: Record<RunStatus, string> = {
  running: 'Running',
  stopped: 'Stopped',
  cancelled: 'Cancelled',
  finished: 'Finished',
};

export function StatusChip({ status }: { status: RunStatus }) {
  return <span class={`chip ${status}`}>{words[status]}</span>;
}

/** What went wrong, told at once by screen readers. */
export function ErrorNotice({ children }: { children: ComponentChildren }) {
  return (
    <div class="notice bad" role="alert">
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="quiet" role="status">
      Loading {what} …
    </p>
  );
}
