import { expect, test } from 'vitest';
import { demonstrationsAt } from './demonstrations.ts';
import { tinyTemplate } from './tiny-prompt.ts';
import { tinyTaskNames } from './tiny-task.ts';
import { decode } from './tiny-tokenizer.ts';
import { keepId } from './vocabulary.ts';

test.each(tinyTaskNames)('%s: shows what to leave alone, with a memory and without', (name) => {
  const shown = Array.from({ length: 20 }, (_, step) =>
    demonstrationsAt(step + 1, { template: tinyTemplate, tasks: [name], size: 64, seed: 5, shortSteps: 0 }),
  ).flat();
  const kept = shown
    .filter(({ actions }) => actions[0] === keepId)
    .map(({ observation }) => / memory (.*?) (?:find|last|all|chain) /.exec(decode(observation))?.[1]);
  const empty = kept.filter((memory) => memory === 'empty').length;
  expect(empty / shown.length).toBeGreaterThan(0.1);
  // Of one needle in two sections, the second leaves alone what the first told.
  expect((kept.length - empty) / shown.length).toBeGreaterThan(0.02);
});
