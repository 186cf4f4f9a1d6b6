/** The config file: `<home>/config.yaml`, or the one that `--config` names. */
import { messageOf } from '@memagent/core';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { oneLine } from '../format/plain-text.ts';
import { usageError } from '../usage-error.ts';
import { absolutePaths } from './absolute-paths.ts';
import { settingNames, type Settings, settingsSchema } from './settings.ts';

/** Reads the file; no settings if there is none, unless it was asked for by name. Paths in it become absolute. */
export async function readConfig(path: string, { isRequired }: { isRequired: boolean }): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A home folder that is no folder is told of when a run is to be kept there.
    if (!isRequired && (code === 'ENOENT' || code === 'ENOTDIR')) return {};
    throw usageError(`Cannot read the config file ${path}: ${messageOf(error)}. Check --config.`, error);
  }
  return absolutePaths(parseConfig(text, path), dirname(path));
}

function parseConfig(text: string, path: string): Settings {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw usageError(`The config file ${path} is not YAML: ${oneLine(messageOf(error))}`, error);
  }
  const { data, error } = settingsSchema.safeParse(value ?? {});
  if (data) return data;
  const problems = error.issues.map((issue) => {
    const key = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const accepted = key === 'prices' ? ['input', 'output', 'cachedInput'] : settingNames;
      const names = issue.keys.map((name) => (key === '' ? name : `${key}.${name}`)).join(', ');
      return `unknown key ${names}; accepted are: ${accepted.join(', ')}`;
    }
    return `${key === '' ? 'the file' : key}: ${issue.message}; received ${JSON.stringify(valueAt(value, issue.path))}`;
  });
  throw usageError(`The config file ${path} cannot be used: ${problems.join('; ')}.`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}
