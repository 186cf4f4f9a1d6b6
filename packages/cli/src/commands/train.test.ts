import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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

/** A run of the smoke preset that is over in seconds. */
const small =
  '--preset smoke --steps 3 --seed 3 --set warmUp.steps=2 questionsPerStep=2 rolloutsPerQuestion=2 miniBatchQuestions=2 dynamicSampling=null checkpointEverySteps=1'.split(
    ' ',
  );

async function metricsOf(run: string): Promise<unknown[]> {
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const { elapsedMs: _elapsed, tokensPerSecond: _speed, ...metrics } = JSON.parse(line);
    return metrics;
  });
}

function weightsOf(run: string): Promise<Buffer> {
  return readFile(join(run, 'checkpoints/step-000005/model.safetensors'));
}

test('a run that is interrupted goes on with the command it names, and ends as one that was not', async () => {
  const whole = join(folder, 'whole');
  const first = await callCli(['train', '--out', whole, '--json', ...small]);
  expect(first.stderr).toMatch(/^step 5\/5 · /m);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    preset: 'smoke',
    out: whole,
    steps: 5,
    rewardSteps: 2,
    checkpoint: join(whole, 'checkpoints', 'step-000005'),
  });

  const again = await callCli(['train', '--out', whole, ...small]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not empty.*--resume/) });

  const parts = join(folder, 'in parts');
  const controller = new AbortController();
  const interrupted = await callCli(['train', '--out', parts, ...small], {
    signal: controller.signal,
    onStderr: (text) => text.includes('step-000003') && controller.abort(),
  });
  expect(interrupted.code).toBe(130);
  expect(interrupted.stderr).toContain('The checkpoint of step 3 is kept. Go on with:');
  expect(interrupted.stderr).toContain(`memagent train --resume --out '${parts}'`);

  const resumed = await callCli(['train', '--resume', '--out', parts], { isTerminal: true });
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toContain('page        memagent train report');
  expect(await metricsOf(parts)).toEqual(await metricsOf(whole));
  expect((await weightsOf(parts)).equals(await weightsOf(whole))).toBe(true);

  // On a terminal: where the run is, its curve, what it measures.
  const view = stripVTControlCharacters(resumed.stderr);
  expect(view).toMatch(/█ *100% step 5\/5/);
  expect(view).toMatch(/reward \d\.\d{3} [▁▂▃▄▅▆▇█]/);
  expect(view).toMatch(/\d\/2 groups kept · length \d/);

  const other = await callCli(['train', '--resume', '--out', parts, '--set', 'adam.learningRate=1']);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('adam') });

  const report = await callCli(['train', 'report', parts, '--rollout-steps', '4-5']);
  expect(report).toMatchObject({ code: 0, stdout: `${join(parts, 'report.html')}\n` });
  const page = await readFile(join(parts, 'report.html'), 'utf8');
  expect(page).toContain('id="rollouts-5"');
  expect(page).not.toContain('id="rollouts-3"');
}, 180_000);

test('a setting that does not exist, or cannot be, is refused before anything is trained', async () => {
  const args = ['train', '--out', join(folder, 'refused'), '--preset', 'smoke', '--set'];
  expect(await callCli([...args, 'adam.rate=1'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Unrecognized key: "rate"/),
  });
  expect(await callCli([...args, 'epochs=0'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/epochs/),
  });
});

test('the presets are listed with what they train, and as JSON with their settings', async () => {
  const { stdout } = await callCli(['train', 'presets']);
  for (const name of ['tiny', 'smoke']) expect(stdout).toMatch(new RegExp(`^${name} +\\S.*`, 'm'));
  const json = JSON.parse((await callCli(['train', 'presets', '--json'])).stdout);
  expect(json).toContainEqual(
    expect.objectContaining({
      name: 'smoke',
      config: expect.objectContaining({ steps: expect.any(Number) }),
    }),
  );
});
