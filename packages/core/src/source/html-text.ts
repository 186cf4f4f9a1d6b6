/**
 * Text of HTML as a reader would see it: blocks on lines of their own, paragraphs apart by an empty line, cells by
 * tabs, white space collapsed except in `pre`; scripts, styles and other content that is not shown left out.
 */
import { Parser } from 'htmlparser2';

/** Turns HTML into text, piece by piece. */
export interface HtmlText {
  /** Takes more HTML and gives the text that is complete by now. */
  write(html: string): string;
  end(): string;
}

const hidden = new Set(['script', 'style', 'title', 'template', 'noscript', 'svg', 'iframe', 'object']);

const lines = new Set(
  'address caption center dd details dialog div dt fieldset figcaption form label legend li nav option summary tr'.split(
    ' ',
  ),
);

const paragraphs = new Set(
  'article aside blockquote body dl figure footer h1 h2 h3 h4 h5 h6 header hr main ol p pre section table ul'.split(
    ' ',
  ),
);

const cells = new Set(['td', 'th']);

/** Makes a converter for one document, HTML or XHTML. */
export function createHtmlText(): HtmlText {
  let text = '';
  let isStarted = false;
  let lineBreaks = 0;
  let gap = '';
  let hiddenDepth = 0;
  let preDepth = 0;
  let isAtCellStart = false;

  const add = (shown: string): void => {
    if (isStarted) text += lineBreaks > 0 ? '\n'.repeat(lineBreaks) : gap;
    text += shown;
    isStarted = true;
    isAtCellStart = false;
    lineBreaks = 0;
    gap = '';
  };

  const addCollapsed = (raw: string): void => {
    const words = raw.replace(/[ \t\r\n\f]+/g, ' ');
    if (words.startsWith(' ')) gap ||= ' ';
    const shown = words.replace(/^ | $/g, '');
    if (shown === '') return;
    add(shown);
    if (words.endsWith(' ')) gap = ' ';
  };

  // Paragraphs inside a cell are apart from each other, but not from the cells beside them.
  const addBoundary = (name: string): void => {
    if (isAtCellStart) return;
    lineBreaks = Math.max(lineBreaks, paragraphs.has(name) ? 2 : lines.has(name) ? 1 : 0);
  };

  const endCell = (): void => {
    if (!isAtCellStart) {
      lineBreaks = 0;
      gap = '\t';
    }
    isAtCellStart = false;
  };

  const parser = new Parser(
    {
      onopentagname(name) {
        if (hidden.has(name)) hiddenDepth++;
        if (hiddenDepth > 0) return;
        addBoundary(name);
        if (name === 'br') lineBreaks = Math.min(2, lineBreaks + 1);
        if (name === 'pre') preDepth++;
        if (cells.has(name)) isAtCellStart = true;
      },
      onclosetag(name) {
        if (hidden.has(name)) hiddenDepth--;
        if (hiddenDepth > 0) return;
        if (cells.has(name)) endCell();
        if (name === 'pre') preDepth--;
        addBoundary(name);
      },
      ontext(raw) {
        if (hiddenDepth > 0) return;
        if (preDepth > 0) add(raw);
        else addCollapsed(raw);
      },
    },
    { recognizeSelfClosing: true, recognizeCDATA: true },
  );

  const take = (): string => {
    const complete = text;
    text = '';
    return complete;
  };

  return {
    write(html) {
      parser.write(html);
      return take();
    },
    end() {
      parser.end();
      return take();
    },
  };
}
