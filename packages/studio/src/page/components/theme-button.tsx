import { useEffect, useState } from 'preact/hooks';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const storageKey = 'memagent-theme';

/** Switches between the colours of the system, light, and dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState(rememberedTheme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    localStorage.setItem(storageKey, theme);
    window.dispatchEvent(new Event(themeEvent));
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      class="button plain"
      aria-label={`Colours: ${theme}. Switch to ${next}.`}
      title={`Colours: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <ThemeSign theme={theme} />
    </button>
  );
}

/** Sent to the window when the colours were switched by hand. */
export const themeEvent = 'memagent-theme';

function rememberedTheme(): Theme {
  return themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system';
}

function ThemeSign({ theme }: { theme: Theme }) {
  return (
    <svg width="1.125em" height="1.125em" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6" />
      {theme === 'light' ? (
        <circle cx="9" cy="9" r="2.5" fill="currentColor" />
      ) : theme === 'dark' ? (
        <circle cx="9" cy="9" r="6.5" fill="currentColor" />
      ) : (
        <path d="M9 2.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      )}
    </svg>
  );
}
