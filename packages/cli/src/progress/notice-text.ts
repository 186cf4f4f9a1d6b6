import type { NoticeCode, RunEvent } from '@memagent/core';
import { withFlagNames } from '../format/flag-names.ts';
import { oneLine } from '../format/plain-text.ts';
import type { Colours } from '../shell.ts';

/** Notices of one kind that are shown; `memagent show` has them all. */
const shown = 3;

/**
 * Makes the function that gives a notice as a line; undefined for other events, for what the command line says
 * anyway in its own words, and for one notice too many of the same kind.
 */
export function createNoticeText(colours: Colours): (event: RunEvent) => string | undefined {
  const counts = new Map<NoticeCode, number>();
  return (event) => {
    if (event.type !== 'notice' || event.code === 'no-language-model') return undefined;
    const count = (counts.get(event.code) ?? 0) + 1;
    counts.set(event.code, count);
    if (count > shown) return undefined;
    const text =
      oneLine(withFlagNames(event.message)) + (count === shown ? ' (More of this kind: memagent show.)' : '');
    // An answer from prompts that were cut is not to be trusted: the one notice that must not be overlooked.
    return event.code === 'prompt-cut' ? colours.red(`Warning: ${text}`) : colours.yellow(`Note: ${text}`);
  };
}
