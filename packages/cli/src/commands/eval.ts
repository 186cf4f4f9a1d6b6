import { join, resolve } from 'node:path';
import { createSqliteRunStore, selectTokenizer } from '@memagent/core';
import {
  bundledQuestions,
  checkPlan,
  createMaterials,
  estimatePlan,
  type EvalRecord,
  findPreset,
  loadPlan,
  type MaterialOptions,
  openResultFolder,
  type Plan,
  planDataSets,
  planItems,
  type PlannedItem,
  renderMarkdown,
  runEvaluation,
  type Subject,
  summarize,
} from '@memagent/eval';
import type { EvalFlags } from '../evaluation-program.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatCost, formatCount, formatDuration } from '../format/format-number.ts';
import { readVersion } from '../read-version.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** Questions at once, unless told otherwise. */
const defaultConcurrency = 4;

/** `memagent eval`: examines a model or reader with a plan. Returns the exit code. */
export async function evaluate(flags: EvalFlags, shell: Shell): Promise<number> {
  const plan = await choosePlan(flags, shell);
  const loaded = await loadSettings(flags, shell);
  const concurrency = loaded.settings.concurrency ?? defaultConcurrency;
  const { reading, session, spec } = await prepareReading(loaded, shell, { isQuiet: flags.quiet === true });
  const { strategy: _strategy, ...settings } = reading;
  const { signal: _signal, concurrency: _concurrency, ...limits } = session;
  const subject: Subject = {
    name: subjectName(spec?.model, loaded.settings.reader),
    reading: { ...plan.budgets, ...settings },
    session: limits,
  };
  const tokenizer = await selectTokenizer(settings.tokenizer ?? 'o200k_base');
  const items = [
    ...planItems(plan, { tokenizer, materials: createMaterials(materialsOf(flags, shell)) }),
    ...(await planDataSets(plan, {
      home: loaded.home,
      onSkipped: ({ file, position, reason }) => shell.say(`skipped ${file}, ${position}: ${reason}`),
    })),
  ];
  if (items.length === 0) throw usageError('The plan has no items: give tasks and lengths.');
  if (flags.dryRun) return printEstimate(items, subject, plan, flags, shell);
  if (flags.out === undefined) throw usageError('Say where the results go: --out FOLDER.');

  const out = resolve(shell.cwd, flags.out);
  const versions = { memagent: readVersion(), node: process.version };
  await openResultFolder(
    out,
    JSON.parse(JSON.stringify({ plan, subject: describeSubject(subject), tokenizer: tokenizer.name })),
  );
  const store = createSqliteRunStore({ home: join(out, 'runs') });
  const progress = createProgressLines(items.length * plan.strategies.length, flags, shell);
  try {
    const records = await runEvaluation({
      items,
      subjects: [subject],
      strategies: plan.strategies,
      out,
      store,
      concurrency,
      signal: shell.signal,
      versions,
      onRecord: progress,
    });
    const summary = summarize(records);
    await shell.print(flags.json ? `${JSON.stringify(summary, null, 2)}\n` : `${renderMarkdown(summary)}\n`);
    const failed = records.filter(({ status }) => status === 'failed').length;
    if (failed > 0)
      shell.say(
        `${formatCount(failed)} of ${formatCount(records.length)} failed (counted as 0); the same command tries them again.`,
      );
    return failed > 0 ? exitCodes.stopped : exitCodes.answered;
  } catch (error) {
    if (!shell.signal.aborted) throw error;
    shell.say('Interrupted. What was answered is kept; the same command goes on.');
    return exitCodes.interrupted;
  } finally {
    await store.close();
  }
}

/** The preset or plan, with what the flags change in it. */
async function choosePlan(flags: EvalFlags, shell: Shell): Promise<Plan> {
  if (flags.plan === undefined && (flags.preset === undefined || flags.preset === 'custom')) {
    throw usageError('Say what to evaluate: --preset NAME, or --plan FILE (YAML, see docs/evaluation.md).');
  }
  const plan =
    flags.plan === undefined
      ? findPreset(flags.preset ?? '')
      : await loadPlan(resolve(shell.cwd, flags.plan));
  const { tasks, lengths, paragraphs, items, strategies, evalSeed, rulerLength } = flags;
  const chosen = plan.tasks.filter(({ task }) => tasks === undefined || tasks.includes(task));
  const unknown = tasks?.find((name) => !plan.tasks.some(({ task }) => task === name));
  if (unknown !== undefined) {
    const names = [...new Set(plan.tasks.map(({ task }) => task))].join(', ');
    throw usageError(`The plan ${plan.name} has no task ${JSON.stringify(unknown)}; it has ${names}.`);
  }
  const changed = chosen.map((task) => ({
    ...task,
    ...(lengths && task.lengths ? { lengths } : {}),
    ...(paragraphs && task.paragraphs ? { paragraphs: paragraphs.map(Number) } : {}),
    ...(items === undefined ? {} : { items }),
  }));
  return checkPlan(
    {
      ...plan,
      tasks: changed,
      ...(strategies ? { strategies } : {}),
      ...(evalSeed === undefined ? {} : { seed: evalSeed }),
      ...(rulerLength ? { rulerLength } : {}),
    },
    plan.name,
  );
}

function materialsOf({ haystack, questions = [], pool = [] }: EvalFlags, { cwd }: Shell): MaterialOptions {
  const pools = new Map(pool.map((entry) => parsePair('--pool', entry, cwd)));
  const given = questions.map((entry) => {
    const [name, file] = parsePair('--questions', entry, cwd);
    const its = pools.get(name);
    return [name, { questions: file, ...(its === undefined ? {} : { pool: its }) }] as const;
  });
  return {
    ...(haystack === undefined ? {} : { haystack: resolve(cwd, haystack) }),
    questions: { ...bundledQuestions, ...Object.fromEntries(given) },
  };
}

function parsePair(flag: string, entry: string, cwd: string): [string, string] {
  const at = entry.indexOf('=');
  if (at > 0) return [entry.slice(0, at), resolve(cwd, entry.slice(at + 1))];
  throw usageError(
    `${flag} ${JSON.stringify(entry)}: expected NAME=FILE, such as hotpotqa=hotpotqa.jsonl.gz.`,
  );
}

/** What of a subject is compared when an evaluation goes on: no functions, no limits. */
function describeSubject({ name, reading }: Subject): unknown {
  const { model, reader, tokenizer, ...settings } = reading;
  return {
    name,
    ...settings,
    model:
      model === undefined ? null : typeof model === 'string' ? model : `${model.provider}/${model.modelId}`,
    reader: typeof reader === 'object' ? reader.name : (reader ?? null),
    tokenizer: typeof tokenizer === 'object' ? tokenizer.name : (tokenizer ?? null),
  };
}

/** A line now and then, with the time that is left. */
function createProgressLines(total: number, { quiet }: EvalFlags, shell: Shell) {
  const startedAt = Date.now();
  let made = 0;
  let saidAt = 0;
  return (record: EvalRecord, { done, isNew }: { done: number; isNew: boolean }): void => {
    if (isNew) made += 1;
    if (quiet) return;
    if (record.status === 'failed')
      shell.say(`failed: ${record.item}, ${record.strategy}: ${record.error.message}`);
    const now = Date.now();
    if (now - saidAt < 5000 && done < total) return;
    saidAt = now;
    const left = made === 0 ? '' : ` · ETA ${formatDuration(((now - startedAt) / made) * (total - done))}`;
    shell.say(`${formatCount(done)}/${formatCount(total)} answers${left}`);
  };
}

async function printEstimate(
  items: readonly PlannedItem[],
  subject: Subject,
  plan: Plan,
  flags: EvalFlags,
  shell: Shell,
): Promise<number> {
  const use = await estimatePlan(items, [subject], plan.strategies);
  if (flags.json) {
    await shell.print(`${JSON.stringify(use, null, 2)}\n`);
    return exitCodes.answered;
  }
  const lines = [
    `${formatCount(items.length)} items × ${plan.strategies.length} strategies = ${formatCount(use.answers)} answers`,
    `documents  ${formatCount(use.documentTokens)} tokens`,
    `calls      ${formatCount(use.calls)} at most`,
    `prompts    ${formatCount(use.promptTokens)} tokens at most`,
    `replies    ${formatCount(use.completionTokens)} tokens at most`,
    ...(use.cost === undefined ? [] : [`cost       ${formatCost(use.cost)} at most`]),
    ...(flags.speed === undefined
      ? []
      : [
          `time       ${formatDuration((use.completionTokens / flags.speed) * 1000)} of writing, one call after the other`,
        ]),
  ];
  await shell.print(`${lines.join('\n')}\n`);
  return exitCodes.answered;
}

/** What the results call it: the model, the reader, or both where the reader asks the model for the answer only. */
function subjectName(model: string | undefined, reader = model === undefined ? 'evidence' : 'model'): string {
  if (model === undefined) return reader;
  return reader === 'model' ? model : `${reader}+${model}`;
}
