import type { ComponentChildren } from 'preact';
import { Dialog } from './dialog.tsx';

export interface ConfirmDialogProps {
  title: string;
  isOpen: boolean;
  /** What it does, as its button says. */
  action: string;
  /** The way back. It stands first, so that the focus is on it. */
  otherwise: string;
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  title,
  isOpen,
  action,
  otherwise,
  onConfirm,
  onClose,
  children,
}: ConfirmDialogProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} hasOwnButtons>
      {children}
      <div class="row end">
        <button type="button" class="button" onClick={onClose}>
          {otherwise}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
