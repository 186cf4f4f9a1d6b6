import { expect, it } from 'vitest';
import { html, trustedHtml } from './html.ts';

it('escapes what is put in, once, in text and attributes', () => {
  const text = `<b title="x">'&amp;`;
  expect(html`<i data-text="${text}">${text}</i>`.text).toBe(
    '<i data-text="&lt;b title=&quot;x&quot;&gt;&#39;&amp;amp;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;amp;</i>',
  );
});

it('keeps HTML that is HTML, in lists too', () => {
  const cells = ['<', 7].map((cell) => html`<i>${cell}</i>`);
  expect(html`<b>${cells}${trustedHtml('<hr>')}</b>`.text).toBe('<b><i>&lt;</i><i>7</i><hr></b>');
});
