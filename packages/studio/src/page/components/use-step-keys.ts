import { useEffect } from 'preact/hooks';
import { isTyping } from './shortcuts.tsx';

/**
 * Steps through a run by keyboard, where nobody types and no dialog is open. `onStep` may be called with a place that
 * does not exist.
 */
export function useStepKeys(at: number, last: number, onStep: (index: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || document.querySelector('dialog[open]')) return;
      const places: Record<string, number> = {
        ArrowLeft: at - 1,
        ArrowRight: at + 1,
        Home: 0,
        End: last,
        PageUp: at - 10,
        PageDown: at + 10,
      };
      const place = places[event.key];
      if (place === undefined) return;
      event.preventDefault();
      onStep(place);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
