import { type Estimate, estimate as estimateReading } from '@memagent/core';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatCost, formatCount, formatDuration, formatQuantity } from '../format/format-number.ts';
import { checkQuestion } from '../reading/check-question.ts';
import { findSources } from '../reading/find-sources.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { readSchema } from '../reading/read-schema.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';

/** `memagent estimate`: what a question would use at most. Asks no model. Returns the exit code. */
export async function estimate(
  question: string,
  paths: readonly string[],
  flags: Flags,
  shell: Shell,
): Promise<number> {
  await checkQuestion(question, paths, shell);
  const found = await findSources(paths, shell);
  const loaded = await loadSettings(flags, shell);
  const { reading, session } = await prepareReading(loaded, shell, {
    isAsked: false,
    isQuiet: flags.quiet === true,
  });
  const result = await estimateReading({
    ...reading,
    ...session,
    ...(flags.schema === undefined ? {} : { schema: await readSchema(flags.schema, shell) }),
    question,
    source: found.source,
    ...(flags.speed === undefined ? {} : { speed: { tokensPerSecond: flags.speed } }),
  });
  return printEstimate(result, flags, shell);
}

/** Prints an estimate. Returns the exit code. */
export async function printEstimate(result: Estimate, flags: Flags, shell: Shell): Promise<number> {
  await shell.print(flags.json ? `${JSON.stringify(result, null, 2)}\n` : `${describe(result).join('\n')}\n`);
  return exitCodes.answered;
}

function describe(result: Estimate): string[] {
  const { sections, tokens, model, strategy, window } = result;
  const least = result.exact ? '' : ' at most (the tokenizer is estimated; --tokenizer makes it exact)';
  return [
    row('document', `${formatQuantity(tokens, 'token')} in ${formatQuantity(sections, 'section')}${least}`),
    row('model', model ?? 'none: the evidence reader makes no calls (--model NAME for those of a model)'),
    row(
      'strategy',
      `${strategy}, window ${formatCount(window.window)}, sections of ${formatCount(window.sectionTokens)}`,
    ),
    ...(model === null ? [] : describeCalls(result)),
  ];
}

function describeCalls({ calls, promptTokens, completionTokens, cost, seconds }: Estimate): string[] {
  return [
    row('calls', `${formatCount(calls)} at most, without retries`),
    row('prompts', `${formatQuantity(promptTokens, 'token')} at most`),
    row('replies', `${formatQuantity(completionTokens, 'token')} at most`),
    ...(cost === undefined ? [] : [row('cost', `${formatCost(cost)} at most`)]),
    ...(seconds === undefined
      ? []
      : [row('time', `${formatDuration(seconds * 1000)} at most, one call after the other`)]),
  ];
}

function row(name: string, value: string): string {
  return `${name.padEnd(10)}${value}`;
}
