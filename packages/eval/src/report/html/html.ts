/**
 * HTML that is safe by construction: a tagged template that escapes whatever is put into it, unless that is
 * HTML already. Everything that the report shows of documents, models and servers goes through here.
 */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | readonly HtmlValue[];

/**
 * @example
 * html`<td>${prediction}</td>`; // `<b>` becomes `&lt;b&gt;`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    strings.reduce((text, string, index) => `${text}${toText(values[index - 1] ?? '')}${string}`),
  );
}

/** For texts of our own that must not be escaped: a style sheet, a script. */
export function trustedHtml(text: string): Html {
  return new Html(text);
}

/** Fit for text and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function toText(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  return typeof value === 'number' ? String(value) : value.map(toText).join('');
}
