import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from './settings.ts';

/** The settings with the paths in them taken from `folder`. A tokenizer may be a path or a name. */
export function absolutePaths({ template, tokenizer, ...settings }: Settings, folder: string): Settings {
  return {
    ...settings,
    ...(template === undefined ? {} : { template: resolve(folder, template) }),
    ...(tokenizer === undefined
      ? {}
      : { tokenizer: isPath(tokenizer, folder) ? resolve(folder, tokenizer) : tokenizer }),
  };
}

/** Whether a tokenizer is named by a path rather than by a name such as `o200k_base`. */
function isPath(tokenizer: string, folder: string): boolean {
  return /[/\\]|\.json$/.test(tokenizer) || existsSync(resolve(folder, tokenizer));
}
