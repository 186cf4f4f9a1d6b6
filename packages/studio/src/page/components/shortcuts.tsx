import { signal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

const isShown = signal(false);

const shortcuts: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['?'], 'Show these shortcuts'],
  [['g', 'a'], 'Go to Ask'],
  [['g', 'r'], 'Go to Runs'],
  [['g', 'c'], 'Go to Compare'],
  [['g', 'b'], 'Go to Batches'],
  [['/'], 'Search'],
  [['←', '→'], 'Of a run: the step before, the step after'],
  [['Home', 'End'], 'Of a run: the first step, the last step'],
  [['Page up', 'Page down'], 'Of a run: ten steps back, ten steps on'],
  [['f'], 'Of a run: follow the newest step'],
  [['Esc'], 'Close what is open'],
];

const destinations: Readonly<Record<string, string>> = {
  a: '/',
  r: '/runs',
  c: '/compare',
  b: '/batches',
};

/** Whether a key belongs to what has the focus, and not to the page. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('input, textarea, select, [contenteditable], dialog, [role="tablist"]') !== null;
}

/** The shortcuts of every page. */
export function useShortcuts(): void {
  const { route } = useLocation();
  useEffect(() => {
    let isGoing = false;
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const wasGoing = isGoing;
      isGoing = event.key === 'g';
      const destination = wasGoing ? destinations[event.key] : undefined;
      if (destination !== undefined) route(destination);
      else if (event.key === '?') isShown.value = true;
      else if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('input[type="search"]');
        if (!search) return;
        event.preventDefault();
        search.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [route]);
}

export function ShortcutsDialog() {
  return (
    <>
      <button
        type="button"
        class="button plain"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
        onClick={() => (isShown.value = true)}
      >
        <kbd aria-hidden="true">?</kbd>
      </button>
      <Dialog title="Keyboard shortcuts" isOpen={isShown.value} onClose={() => (isShown.value = false)}>
        <table>
          <thead>
            <tr>
              <th scope="col">Keys</th>
              <th scope="col">What they do</th>
            </tr>
          </thead>
          <tbody>
            {shortcuts.map(([keys, what]) => (
              <tr key={what}>
                <td class="nowrap">
                  {keys.map((key) => (
                    <span key={key}>
                      <kbd>{key}</kbd>{' '}
                    </span>
                  ))}
                </td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="small">
          <a href="/docs" target="_blank" rel="noreferrer">
            The server’s interface for programs
          </a>
        </p>
      </Dialog>
    </>
  );
}
