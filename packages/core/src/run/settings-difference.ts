import { isDeepStrictEqual } from 'node:util';
import { MemagentError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { RunSettings } from './settings.ts';

/** Throws `settings-changed`, naming each difference, unless a run is resumed with the settings it began with. */
export function requireSameSettings(runId: string, before: RunSettings, now: RunSettings): void {
  const differences = [...differencesOf({ ...before }, { ...now }, '')];
  if (differences.length === 0) return;
  throw new MemagentError(
    `Run ${runId} was begun with other settings: ${differences.join('; ')}. Resume it with the same ones, or start a new run.`,
    { code: 'settings-changed', data: { runId, differences } },
  );
}

/** Each leaf that differs, in words. */
function* differencesOf(before: Json | undefined, now: Json | undefined, path: string): Generator<string> {
  if (isDeepStrictEqual(before, now)) return;
  if (isObject(before) && isObject(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      yield* differencesOf(before[key], now[key], path === '' ? key : `${path}.${key}`);
    }
    return;
  }
  yield `${path} was ${shorten(before)}, is ${shorten(now)}`;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'not set';
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
