import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** The heading of a page, and its title in the browser. */
export function PageTitle({ title, children }: { title: string; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title.length > 80 ? `${title.slice(0, 80)}…` : title} · memagent studio`;
  }, [title]);
  return (
    <div class="row between">
      <h1 class="own-words grow">{title}</h1>
      {children}
    </div>
  );
}
