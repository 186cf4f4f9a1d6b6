import type { ChatText } from './chat-text.ts';

/** Where a tagged document stands in a text, in UTF-16 units. */
export interface TagSpan {
  /** The opening tag. */
  outerStart: number;
  /** What stands between the tags. */
  start: number;
  end: number;
  /** Behind the closing tag. */
  outerEnd: number;
}

/** With attributes, and around several documents at once, as prompts have them. */
const opening = /<documents?(?:\s[^<>]{0,1000})?>/gi;
const closing = /<\/documents?\s*>/gi;

/** No tag is longer. */
const longestTag = 1024;

const blockLength = 1 << 18;

/**
 * Finds the stretch from the first `<document>` to the last `</document>`, whatever stands between them; undefined
 * where there are none, or where nothing stands between them. The text is looked through block by block, from both ends.
 */
export async function findTags(text: ChatText): Promise<TagSpan | undefined> {
  const open = await firstMatch(text);
  if (open === undefined) return undefined;
  const start = open.index + open[0].length;
  const close = await lastMatch(text, start);
  if (close === undefined || close.index <= start) return undefined;
  return {
    outerStart: open.index,
    start,
    end: close.index,
    outerEnd: close.index + close[0].length,
  };
}

interface Match {
  index: number;
  0: string;
}

async function firstMatch(text: ChatText): Promise<Match | undefined> {
  for (let start = 0; start < text.length; start += blockLength) {
    const block = await text.read(start, Math.min(text.length, start + blockLength + longestTag));
    const match = block.matchAll(opening).next().value;
    if (match !== undefined) return { index: start + match.index, 0: match[0] };
  }
  return undefined;
}

async function lastMatch(text: ChatText, from: number): Promise<Match | undefined> {
  for (let end = text.length; end > from; end -= blockLength) {
    const start = Math.max(from, end - blockLength);
    const block = await text.read(start, Math.min(text.length, end + longestTag));
    const match = [...block.matchAll(closing)].at(-1);
    if (match !== undefined) return { index: start + match.index, 0: match[0] };
  }
  return undefined;
}
