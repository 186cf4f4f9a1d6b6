/** `memagent doctor`: checks the model that would be asked, and says what to change. */
import { access, constants, mkdir } from 'node:fs/promises';
import process from 'node:process';
import { MemagentError, messageOf } from '@memagent/core';
import { createAsk } from '../doctor/ask-model.ts';
import type { Check } from '../doctor/check.ts';
import { checkModel } from '../doctor/check-model.ts';
import { checkServer } from '../doctor/check-server.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { chooseModel, type ModelChoice } from '../model/choose-model.ts';
import { describeModel } from '../model/model-spec.ts';
import { openModel } from '../model/open-model.ts';
import { serverKey } from '../model/server-key.ts';
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';
import type { Colours, Shell } from '../shell.ts';

const defaultWindow = 8192;
const defaultTimeoutMs = 600_000;

export async function doctor(flags: Flags, shell: Shell): Promise<number> {
  const loaded = await loadSettings(flags, shell);
  const checks: Check[] = [];
  for await (const check of examine(loaded, shell)) {
    checks.push(check);
    if (!flags.json) await shell.print(`${describe(check, shell.colours.stdout)}\n`);
  }
  const isWell = checks.every(({ status }) => status !== 'failed');
  if (flags.json) await shell.print(`${JSON.stringify({ ok: isWell, checks }, null, 2)}\n`);
  return isWell ? exitCodes.answered : exitCodes.stopped;
}

async function* examine(
  { home, flags, config, settings }: LoadedSettings,
  shell: Shell,
): AsyncGenerator<Check> {
  const { environment, signal } = shell;
  yield { name: 'node', status: 'ok', detail: process.versions.node };
  yield await checkHome(home);
  let choice: ModelChoice;
  try {
    choice = await chooseModel({ flags, config, environment, signal });
  } catch (error) {
    if (!(error instanceof MemagentError)) throw error;
    yield { name: 'model', status: 'failed', detail: error.message };
    return;
  }
  const { spec, note } = choice;
  if (spec === undefined) {
    const detail = 'none is configured and no Ollama was found: name one with --model, see docs/models.md';
    yield { name: 'model', status: 'failed', detail };
    return;
  }
  if (note !== undefined) shell.say(note);
  yield { name: 'asking', status: 'ok', detail: describeModel(spec) };
  const now = Date.now;
  if (spec.provider === 'compatible' || spec.provider === 'ollama') {
    const key = spec.provider === 'compatible' ? serverKey(spec.apiKeyEnv, environment) : undefined;
    const checks = await checkServer(spec, key, { signal, now });
    yield* checks;
    if (checks.some(({ status }) => status === 'failed')) return;
  }
  const { timeout: timeoutMs = defaultTimeoutMs, window = defaultWindow } = settings;
  const ask = createAsk(await openModel(spec, environment, { isAsked: true }), { timeoutMs, signal, now });
  yield* checkModel(ask, window);
}

async function checkHome(home: string): Promise<Check> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.W_OK);
    return { name: 'home', status: 'ok', detail: home };
  } catch (error) {
    const detail = `${home} cannot be written to (${messageOf(error)}): name another folder with --home or MEMAGENT_HOME`;
    return { name: 'home', status: 'failed', detail };
  }
}

function describe({ name, status, detail }: Check, colours: Colours): string {
  return `${signOf(status, colours)} ${name.padEnd(10)} ${detail}`;
}

function signOf(status: Check['status'], colours: Colours): string {
  switch (status) {
    case 'ok':
      return colours.green('ok     ');
    case 'warning':
      return colours.yellow('warning');
    case 'failed':
      return colours.red('failed ');
    default:
      return status satisfies never;
  }
}
