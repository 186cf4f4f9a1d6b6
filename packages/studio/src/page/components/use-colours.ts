import { useEffect, useState } from 'preact/hooks';
import { themeEvent } from './theme-button.tsx';

/** Reads the custom properties that a drawing needs; again whenever the colours of the page change. */
export function useColours<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const [colours, setColours] = useState(() => readColours(names));
  useEffect(() => {
    const read = (): void => setColours(readColours(names));
    const preference = matchMedia('(prefers-color-scheme: dark)');
    preference.addEventListener('change', read);
    window.addEventListener(themeEvent, read);
    read();
    return () => {
      preference.removeEventListener('change', read);
      window.removeEventListener(themeEvent, read);
    };
  }, [names]);
  return colours;
}

/** `light-dark()` is only worked out in a property that is used: a probe has it. */
function readColours<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colours as Record<Name, string>;
}
