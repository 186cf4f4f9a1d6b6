import { defaultHome } from '@memagent/core';
import { join, resolve } from 'node:path';
import { type Flags, settingsOf } from '../flags/flags.ts';
import type { Shell } from '../shell.ts';
import { absolutePaths } from './absolute-paths.ts';
import { readConfig } from './read-config.ts';
import { mergeSettings, type Settings } from './settings.ts';

/** The settings of one call of the command line. */
export interface LoadedSettings {
  /** Folder of everything that is kept; absolute. */
  home: string;
  /** What was given on the command line alone. */
  flags: Settings;
  /** What the config file says. */
  config: Settings;
  /** Both, flags first. */
  settings: Settings;
}

/** Finds the home folder, reads the config file, and puts the flags before it. Paths become absolute. */
export async function loadSettings(flags: Flags, { environment, cwd }: Shell): Promise<LoadedSettings> {
  const home = resolve(cwd, flags.home ?? environment.home ?? defaultHome());
  const config = await readConfig(
    flags.config === undefined ? join(home, 'config.yaml') : resolve(cwd, flags.config),
    { isRequired: flags.config !== undefined },
  );
  const given = absolutePaths(settingsOf(flags), cwd);
  return { home, flags: given, config, settings: mergeSettings(given, config) };
}
