/**
 * A page that needs nothing else: no network, no files beside it. Its content security policy allows its own
 * style sheets, its own scripts and pictures in the page; whatever a document or a model wrote is escaped, and
 * could not run if it were not.
 */
import { createHash } from 'node:crypto';
import { html, type Html, trustedHtml } from './html.ts';
import { pageStyle } from './page-style.ts';

export interface Page {
  title: string;
  /** Sentences below the title. */
  introduction: readonly string[];
  sections: readonly PageSection[];
  /** Rules beyond those of every page. */
  style?: string;
  /** Programs of our own, run in this order once the page is there. */
  scripts: readonly string[];
}

export interface PageSection {
  /** Unique in the page; links lead to it. */
  id: string;
  title: string;
  content: Html;
}

/** The page as a complete HTML document. */
export function renderPage({ title, introduction, sections, style = '', scripts }: Page): string {
  const css = pageStyle + style;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashOf(css)}`,
    `script-src ${scripts.map(hashOf).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${trustedHtml(`<style>${css}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${introduction.map((sentence) => html`<p>${sentence}</p> `)}
          <nav aria-label="Sections">
            <ul>
              ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li> `)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections.map(
            (section) =>
              html`<section aria-labelledby="${section.id}">
                <h2 id="${section.id}">${section.title}</h2>
                ${section.content}
              </section> `,
          )}
        </main>
        ${scripts.map((script) => trustedHtml(`<script>${script}</script>`))}
      </body>
    </html> `;
  return page.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
