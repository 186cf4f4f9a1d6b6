import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ComponentChildren;
  /** A drawer takes the whole height at the side. */
  isDrawer?: boolean;
  /** Without a way out, for what the page cannot do without. */
  isModalOnly?: boolean;
  /** Its own buttons close it. */
  hasOwnButtons?: boolean;
}

/** The browser's own modal dialog: it keeps the focus, and Escape closes it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  isDrawer = false,
  isModalOnly = false,
  hasOwnButtons = false,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // The event of a close that came from here arrives later, when the dialog may have been opened again.
  const isExpected = useRef(false);
  useEffect(() => {
    const dialog = ref.current;
    if (isOpen && !dialog?.open) dialog?.showModal();
    if (!isOpen && dialog?.open) {
      isExpected.current = true;
      dialog.close();
    }
  }, [isOpen]);
  return (
    <dialog
      ref={ref}
      class={isDrawer ? 'drawer' : ''}
      aria-labelledby={titleId}
      onClose={() => {
        if (!isExpected.current) onClose();
        isExpected.current = false;
      }}
      onCancel={(event) => {
        if (isModalOnly) event.preventDefault();
      }}
      onClick={(event) => {
        if (event.target === ref.current && !isModalOnly) onClose();
      }}
    >
      {isOpen && (
        <div class="dialog-body">
          <div class="row between">
            <h2 id={titleId} class="own-words grow">
              {title}
            </h2>
            {!isModalOnly && !hasOwnButtons && (
              <button type="button" class="button plain" onClick={onClose}>
                Close
              </button>
            )}
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
