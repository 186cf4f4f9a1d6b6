/** `memagent show`: what a run kept after each section, what it used, and what it came to. */
import {
  addUsage,
  createSqliteRunStore,
  noUsage,
  parseAgainStep,
  resolveRunId,
  type RunEvent,
  type RunRecord,
  runStatus,
  type RunStore,
} from '@memagent/core';

import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatCitations } from '../format/format-citations.ts';
import { formatCount, formatDuration, formatQuantity } from '../format/format-number.ts';
import { formatUsage } from '../format/format-usage.ts';
import { memoryDiff } from '../format/memory-diff.ts';
import { oneLine, plainText } from '../format/plain-text.ts';
import { wrapText } from '../format/wrap-text.ts';
import { resumeCommand } from '../reading/resume-command.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Colours, Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

export async function show(name: string, flags: Flags, shell: Shell): Promise<number> {
  const { home } = await loadSettings(flags, shell);
  const store = createSqliteRunStore({ home });
  try {
    const runId = await resolveRunId(store, name);
    const record = await store.get(runId);
    if (record === undefined) return exitCodes.usage; // Removed a moment ago.
    const status = await runStatus(store, record);
    if (flags.section !== undefined && flags.section > record.sections) {
      throw usageError(
        `Run ${runId} has no section ${flags.section}: it has read ${record.sections} so far.`,
      );
    }
    if (flags.json)
      await shell.print(
        `${JSON.stringify(await toJson(store, { ...record, status }, flags.section), null, 2)}\n`,
      );
    else await printRun(store, { ...record, status }, flags, shell);
    return exitCodes.answered;
  } finally {
    await store.close();
  }
}

/** The object that `--json` prints; its steps are the events `memory-updated`, in order. */
async function toJson(
  store: RunStore,
  { client: _client, ...record }: RunRecord,
  only: number | undefined,
): Promise<object> {
  const steps: object[] = [];
  const notices: object[] = [];
  let stop: EventOf<'run-stop'> | undefined;
  let usage = { ...noUsage };
  for await (const event of store.events(record.runId)) {
    if (event.type === 'memory-updated') {
      const { step, section, outcome, memory, memoryTokens, elapsedMs } = event;
      if (only === undefined || only === section)
        steps.push({ step, section, outcome, memory, memoryTokens, usage: event.usage, elapsedMs });
    } else if (event.type === 'notice') notices.push({ code: event.code, message: event.message });
    else if (event.type === 'call-end') usage = addUsage(usage, event.usage);
    else if (event.type === 'run-stop') stop = event;
  }
  const hasStopped = record.status === 'stopped' || record.status === 'cancelled';
  const why = hasStopped && stop ? { stop: { code: stop.code, message: stop.message } } : {};
  return { ...record, usage, steps, notices, ...why };
}

async function printRun(store: RunStore, record: RunRecord, flags: Flags, shell: Shell): Promise<void> {
  const colours = shell.colours.stdout;
  const { runId, settings, status, result } = record;
  const width = shell.stdout.isTTY ? (shell.stdout.columns ?? 80) : Infinity;
  const line = (text = ''): Promise<void> => shell.print(`${wrapText(text, width)}\n`);
  await line(`${colours.bold(oneLine(record.question))}`);
  await line(
    colours.dim(
      [
        `run ${runId}`,
        status,
        `${settings.model ?? `${settings.reader} reader`}, strategy ${settings.strategy}`,
        formatQuantity(record.sections, 'section'),
        new Date(record.createdAt).toISOString(),
      ].join(' · '),
    ),
  );
  let memory = '';
  let stop: EventOf<'run-stop'> | undefined;
  for await (const event of store.events(runId)) {
    if (event.type === 'memory-updated') {
      if (flags.section === undefined || flags.section === event.section) {
        await line(`\n${stepHeader(event, colours)}`);
        await line(
          event.memory === memory
            ? colours.dim('unchanged')
            : memoryDiff(memory, event.memory, { colours, isFull: flags.full === true }).trimEnd(),
        );
      }
      memory = event.memory;
    } else if (event.type === 'notice' && flags.section === undefined) {
      await line(`\n${colours.yellow(`Note: ${oneLine(event.message)}`)}`);
    } else if (event.type === 'records-merged') {
      if (flags.section === undefined ? event.records.length > 0 : flags.section === event.section)
        await line(
          `\n${colours.bold(`Section ${event.section}`)} ${colours.dim(`· ${describeMerged(event)}`)}`,
        );
    } else if (event.type === 'passages-selected' && flags.section === undefined) {
      const sections = event.passages.map(({ section }) => section).join(', ');
      await line(`\n${colours.bold('Selected')} sections ${sections} of ${event.sections}`);
    } else if (event.type === 'run-stop') stop = event;
  }
  if (flags.section !== undefined) return;
  if (result) {
    await line(`\n${colours.bold('Answer')}\n${plainText(result.answer)}\n`);
    for (const text of formatCitations(result.citations, { colours, width })) await line(text);
    await line(`\n${colours.dim(formatUsage(result))}`);
  } else if (status === 'stopped') {
    await line(`\n${colours.red('Stopped:')} ${stop ? plainText(stop.message) : 'the process was ended.'}`);
    await line(`Go on with:\n  ${resumeCommand(runId, flags)}`);
  } else if (status === 'cancelled') {
    await line(`\n${colours.red('Cancelled:')} it cannot be resumed. What it had read is kept.`);
  }
}

/** What became of a section's records. */
function describeMerged({ records, total }: EventOf<'records-merged'>): string {
  const outcomes = Map.groupBy(records, ({ outcome }) => outcome);
  return [
    formatQuantity(records.length, 'record'),
    ...Array.from(outcomes, ([outcome, { length }]) => `${formatCount(length)} ${outcome}`),
    `${formatCount(total)} so far`,
  ].join(' · ');
}

function stepHeader(
  { step, section, outcome, memoryTokens, usage, elapsedMs }: EventOf<'memory-updated'>,
  colours: Colours,
): string {
  const again = parseAgainStep(step);
  const title = [
    section === undefined ? `Step ${step}` : `Section ${section}`,
    ...(again ? ['second pass'] : []),
    ...(again && again.part > 1 ? [`part ${again.part}`] : []),
  ].join(', ');
  const facts = [
    `memory of ${formatQuantity(memoryTokens, 'token')}`,
    ...(outcome === 'kept' ? ['kept: the reply was of no use'] : []),
    ...(usage.calls > 0
      ? [`${formatCount(usage.promptTokens)} + ${formatCount(usage.completionTokens)} tokens`]
      : []),
    formatDuration(elapsedMs),
  ];
  return `${colours.bold(title)} ${colours.dim(`· ${facts.join(' · ')}`)}`;
}
