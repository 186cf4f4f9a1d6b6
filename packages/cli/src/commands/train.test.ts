import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../call-cli.ts';

const callCli = createCli();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-train-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [['train'], /--out FOLDER/],
  [['train', '--out', 'x'], /--preset NAME \(/],
  [['train', '--preset', 'magic', '--out', 'x'], /Unknown preset "magic"; there are: /],
  [['train', '--resume', '--out', '/no/such/run'], /There is no training run in \/no\/such\/run/],
  [['train', 'report', '/no/such/run'], /There is no training run in \/no\/such\/run/],
  [['train', 'report', '/no/such/run', '--rollout-steps', 'x'], /expected steps such as 1,50-60/],
  [['train', 'report', '/no/such/run', '--rollout-megabytes', '0'], /whole number of 1 or more/],
])('bad input %j ends with 2 and says what to do', async (args, message) => {
  const { code, stderr } = await callCli(args, { cwd: folder });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
