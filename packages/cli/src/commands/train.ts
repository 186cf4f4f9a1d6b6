import { MemagentError, messageOf } from '@memagent/core';
import { resolve } from 'node:path';
import {
  checkTrainingConfig,
  describeUsage,
  findTrainingPreset,
  listCheckpoints,
  presets,
  readRunDescription,
  readUsage,
  keepTraining,
  openTinkerEngine,
  type PreparedPreset,
  type TrainingConfig,
  type TrainingEvent,
  type TrainingPreset,
} from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import { formatCount } from '../format/format-number.ts';
import { plainText } from '../format/plain-text.ts';
import { quoteForShell } from '../format/quote-for-shell.ts';
import type { Shell } from '../shell.ts';
import { changeConfig } from '../training/change-config.ts';
import { recipePreset } from '../training/load-recipe.ts';
import { remoteEngine } from '../training/remote-engine.ts';
import { createTrainingOutcome, renderOutcome } from '../training/training-outcome.ts';
import { createTrainingView } from '../training/training-view.ts';
import type { TrainFlags } from '../training-program.ts';
import { usageError } from '../usage-error.ts';

/** `memagent train`: trains a policy as a preset says, or goes on with a run. Returns the exit code. */
export async function train(flags: TrainFlags, shell: Shell): Promise<number> {
  if (flags.out === undefined) throw usageError('Say where the run goes: --out FOLDER.');
  const out = resolve(shell.cwd, flags.out);
  const { preset, config } = await planRun(out, flags, shell);
  const remote = remoteEngine(flags, shell);
  const open = async (): Promise<PreparedPreset> =>
    preset.prepare({
      config,
      ...(flags.data === undefined ? {} : { data: resolve(shell.cwd, flags.data) }),
      ...(remote ? { engine: await openTinkerEngine(remote) } : {}),
      signal: shell.signal,
    });
  const outcome = createTrainingOutcome(preset.name, out);
  try {
    await follow(
      keepTraining({
        name: preset.name,
        open,
        config,
        out,
        resume: flags.resume === true,
        ...(flags.from === undefined ? {} : { from: resolve(shell.cwd, flags.from) }),
        signal: shell.signal,
      }),
      (event) => outcome.apply(event),
      { flags, shell },
    );
  } catch (error) {
    // A run that never began left nothing to go on with.
    const isStopped = shell.signal.aborted || error instanceof MemagentError;
    if (!outcome.hasBegun() || !isStopped) throw error;
    shell.say(
      shell.signal.aborted
        ? 'Interrupted.'
        : `${shell.colours.stderr.red('Stopped:')} ${plainText(messageOf(error))}`,
    );
    // The same run would come to the same numbers again: the message says what to do instead.
    if (error instanceof MemagentError && error.code === 'not-finite') return exitCodes.stopped;
    const step = (await listCheckpoints(out)).at(-1)?.step;
    shell.say(
      step === undefined
        ? 'There is no checkpoint yet, so the run begins anew with:'
        : `The checkpoint of step ${formatCount(step)} is kept. Go on with:`,
    );
    shell.say(`  ${resumeTrainingCommand(flags.out, flags)}`);
    return shell.signal.aborted ? exitCodes.interrupted : exitCodes.stopped;
  }
  const usage = await readUsage(out);
  if (usage && !flags.quiet) shell.say(describeUsage(usage, config.tokenPrices));
  const result = outcome.result();
  await shell.print(flags.json ? `${JSON.stringify(result, null, 2)}\n` : renderOutcome(result, flags.out));
  return exitCodes.answered;
}

/** The preset and its configuration with what the flags change; of a run that goes on, the run's own. */
async function planRun(
  out: string,
  flags: TrainFlags,
  shell: Shell,
): Promise<{ preset: TrainingPreset; config: TrainingConfig }> {
  const recipe = flags.recipe === undefined ? undefined : await recipePreset(flags.recipe, flags, shell);
  if (flags.resume) {
    const { name, config } = await readRunDescription(out);
    const preset = recipe ?? findTrainingPreset(flags.preset ?? name);
    return { preset, config: checkTrainingConfig(changeConfig(config, flags)) };
  }
  if (flags.preset === undefined && !recipe) {
    const names = presets.map(({ name }) => name).join(', ');
    throw usageError(
      `Say what to train: --preset NAME (${names}); \`memagent train presets\` tells what they are.`,
    );
  }
  const preset = recipe ?? findTrainingPreset(flags.preset ?? '');
  return { preset, config: checkTrainingConfig(changeConfig(preset.config, flags)) };
}

async function follow(
  run: AsyncIterable<TrainingEvent>,
  onEvent: (event: TrainingEvent) => void,
  { flags, shell }: { flags: TrainFlags; shell: Shell },
): Promise<void> {
  const view = await createTrainingView(shell, { isQuiet: flags.quiet === true });
  try {
    for await (const event of run) {
      onEvent(event);
      view.show(event);
    }
  } finally {
    view.end();
  }
}

function resumeTrainingCommand(out: string, flags: TrainFlags): string {
  const { recipe, tokenizer, kept, right } = flags;
  const named = {
    recipe,
    tokenizer,
    kept,
    right,
    data: flags.data,
    backend: flags.backend,
    'base-url': flags.baseUrl,
    model: flags.model,
    'expire-after': flags.expireAfter,
  };
  const given = Object.entries({ ...named, 'lora-rank': flags.loraRank, 'api-key-env': flags.apiKeyEnv });
  const more = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoteForShell(String(value))}`],
  );
  return ['memagent train --resume --out', quoteForShell(out), ...more].join(' ');
}
