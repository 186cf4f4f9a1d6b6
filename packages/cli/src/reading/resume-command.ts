import type { Flags } from '../flags/flags.ts';
import { quoteForShell } from '../format/quote-for-shell.ts';

/** The command that goes on with a run, with the flags that say where it is kept. */
export function resumeCommand(runId: string, { home, config }: Pick<Flags, 'home' | 'config'>): string {
  const folder = home === undefined ? '' : ` --home ${quoteForShell(home)}`;
  const file = config === undefined ? '' : ` --config ${quoteForShell(config)}`;
  return `memagent resume ${runId}${folder}${file}`;
}
