import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { checkRecipe } from '@memagent/train';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const run = promisify(execFile);

test.each(['1', '2'])('minimal, seed %s: from chance to nine in ten', { timeout: 120_000 }, async (seed) => {
  const file = new URL('minimal.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--conditions=@memagent/source', file, seed]);
  const rewards = [...stdout.matchAll(/^step \d+ {2}reward (\d\.\d{3}) /gm)].map(([, reward]) =>
    Number(reward),
  );
  expect(rewards).toHaveLength(20);
  // One number in 6 to 12 is right.
  expect(rewards[0]).toBeLessThan(0.25);
  for (const reward of rewards.slice(-3)) expect(reward).toBeGreaterThan(0.9);
});

test.each(['hotpotqa', 'ruler'])('%s.yaml is a recipe', async (name) => {
  const content = await readFile(new URL(`${name}.yaml`, import.meta.url), 'utf8');
  expect(checkRecipe(parse(content), name).name).toBe(name);
});
