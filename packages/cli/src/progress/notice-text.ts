import type { RunEvent } from '@memagent/core';
import { oneLine } from '../format/plain-text.ts';
import type { Colours } from '../shell.ts';

/** A notice as a line; undefined for what the command line says anyway, in its own words. */
export function noticeText(event: RunEvent, colours: Colours): string | undefined {
  if (event.type !== 'notice' || event.code === 'no-language-model') return undefined;
  const text = oneLine(event.message);
  // An answer from prompts that were cut is not to be trusted: the one notice that must not be overlooked.
  return event.code === 'prompt-cut' ? colours.red(`Warning: ${text}`) : colours.yellow(`Note: ${text}`);
}
