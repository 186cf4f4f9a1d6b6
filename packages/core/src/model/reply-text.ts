/** What of a reply is text to keep: reasoning taken off. */
import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';

/** All text parts of a reply in one; reasoning parts are left out, reasoning inside the text is not. */
export function replyText({ content }: LanguageModelV4GenerateResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/**
 * Takes off reasoning that a server left in the text: leading `<think>…</think>` blocks, the rest of an
 * unclosed one, and everything before a lone `</think>` (chat templates that open the block in the prompt).
 * Tags further down belong to the document and stay.
 */
export function stripReasoning(text: string): string {
  let rest = text.trimStart();
  while (rest.startsWith('<think>')) {
    const end = rest.indexOf('</think>');
    if (end === -1) return '';
    rest = rest.slice(end + '</think>'.length).trimStart();
  }
  const close = rest.indexOf('</think>');
  const open = rest.indexOf('<think>');
  if (close !== -1 && (open === -1 || close < open)) rest = rest.slice(close + '</think>'.length);
  return rest.trim();
}
