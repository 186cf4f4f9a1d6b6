import { resolve } from 'node:path';
import { createHuggingFaceTokenizer } from '@memagent/core';
import { createRecipeItems, filterAnswerable, keptPositions, type FilterLine } from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import { formatCount } from '../format/format-number.ts';
import { chooseModel } from '../model/choose-model.ts';
import { openModel } from '../model/open-model.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { findTokenizer, loadRecipe } from '../training/load-recipe.ts';
import type { TrainFilterFlags } from '../training-program.ts';
import { usageError } from '../usage-error.ts';

/** `memagent train filter`: finds the questions that a model answers without the document. Returns the exit code. */
export async function filterQuestions(flags: TrainFilterFlags, shell: Shell): Promise<number> {
  const { recipe: file, out, count, tries = 2, right: atLeast = 1, concurrency = 16, data } = flags;
  if (file === undefined || out === undefined || count === undefined) {
    throw usageError(
      'Say which questions, how many and where the result goes: --recipe FILE --count N --out FILE.',
    );
  }
  const loaded = await loadSettings(flags, shell);
  const { environment, signal } = shell;
  const { spec } = await chooseModel({ ...loaded, environment, signal });
  if (spec === undefined) throw usageError('Say which model is to be asked: --model NAME.');
  const { model } = await openModel(spec, environment, { isAsked: true });
  if (typeof model === 'string' || model.specificationVersion !== 'v4') {
    throw usageError(`The model ${spec.model} cannot be asked directly; name its server with --base-url.`);
  }
  const tokenizer = await createHuggingFaceTokenizer({ tokenizer: await findTokenizer(flags, shell) });
  const itemAt = await createRecipeItems({
    recipe: await loadRecipe(file, shell),
    tokenizer,
    data: data === undefined ? undefined : resolve(shell.cwd, data),
  });
  const lines: FilterLine[] = [];
  const path = resolve(shell.cwd, out);
  for await (const line of filterAnswerable({
    model,
    itemAt,
    count,
    tries,
    file: path,
    concurrency,
    signal,
  })) {
    lines.push(line);
    if (!flags.quiet && lines.length % 100 === 0)
      shell.say(`${formatCount(lines.length)} of ${formatCount(count)}`);
  }
  const kept = keptPositions(lines, atLeast).length;
  await shell.print(
    `${formatCount(kept)} of ${formatCount(lines.length)} questions kept: the others were answered without the document at least ${atLeast} of ${tries} times.\n`,
  );
  return exitCodes.answered;
}
