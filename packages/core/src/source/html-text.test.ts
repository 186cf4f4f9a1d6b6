import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHtmlText } from './html-text.ts';

function textOf(...pieces: string[]): string {
  const html = createHtmlText();
  return pieces.map((piece) => html.write(piece)).join('') + html.end();
}

const page = `<!DOCTYPE html><html><head><title>Not &amp; shown</title><style>p { a > b }</style>
<script>if (a < b) document.write('<p>x')</script></head><body>
<h1>A &quot;caf&eacute;&quot;</h1><p>One
  two <b>bo</b>ld<br>next&nbsp;line &#x1F989;</p>
<ul><li>first<li>second</ul><table><tr><td>a</td><td><p>b</p><p>c</p></td><tr><th></th><td>d</table>
<pre>
  kept
    as is</pre><noscript>no</noscript><svg><title>no</title></svg>end</body></html>`;

const shown = `A "café"

One two bold
next\u00a0line 🦉

first
second

a\tb

c
d


  kept
    as is

end`;

describe('createHtmlText', () => {
  it('gives the text that is shown, a block on lines of its own', () => {
    expect(textOf(page)).toBe(shown);
  });

  it('gives the same text however the HTML is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(page.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), page.length];
        const pieces = at.slice(1).map((end, before) => page.slice(at[before], end));
        expect(textOf(...pieces)).toBe(shown);
      }),
    );
  });

  it('reads XHTML with empty elements and CDATA', () => {
    expect(
      textOf(
        '<?xml version="1.0"?><html><head><title/><script src="a"/></head><p>a<![CDATA[ < ]]>b</p></html>',
      ),
    ).toBe('a < b');
  });

  it('shows the text of pages whose head or paragraphs are never closed', () => {
    expect(textOf('<head><meta charset=utf-8><body><p>one<p>two')).toBe('one\n\ntwo');
    expect(textOf('just text')).toBe('just text');
  });
});
