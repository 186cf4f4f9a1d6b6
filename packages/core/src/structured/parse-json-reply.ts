/** JSON in a model's reply. Models put it into code fences and write a sentence around it; that is forgiven. */
import { messageOf } from '../errors.ts';
import type { Json } from '../json.ts';

/** The JSON of a reply, or what is wrong with it, in words. */
export type ParsedReply = { json: Json } | { problem: string };

/** The reply as JSON; else what stands in its code fence; else from its first bracket to the last one of that kind. */
export function parseJsonReply(text: string): ParsedReply {
  const whole = parse(text);
  if ('json' in whole) return whole;
  const fenced = /```(?:json)?\s*\n([^]*?)\n?\s*```/i.exec(text)?.[1];
  for (const part of [fenced, bracketed(text)]) {
    const parsed = part === undefined ? whole : parse(part);
    if ('json' in parsed) return parsed;
  }
  return whole;
}

function parse(text: string): ParsedReply {
  try {
    return { json: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `it is not JSON (${messageOf(error)})` };
  }
}

function bracketed(text: string): string | undefined {
  const start = text.search(/[{[]/);
  if (start === -1) return undefined;
  const end = text.lastIndexOf(text[start] === '{' ? '}' : ']');
  return end > start ? text.slice(start, end + 1) : undefined;
}
