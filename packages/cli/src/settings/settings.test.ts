import { startLoopbackServer } from '@memagent/core/testing';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, writeSample } from '../sample-document.ts';

const folder = createFolder();
const book = writeSample(folder);

async function estimateWith(config: string, argv: string[] = [], env: Record<string, string> = {}) {
  const home = createFolder();
  writeFileSync(join(home, 'config.yaml'), config);
  const call = await createCli({ cwd: folder })(['estimate', sampleQuestion, book, '--json', ...argv], {
    env: { MEMAGENT_HOME: home, ...env },
  });
  return { ...call, estimate: call.code === 0 ? (JSON.parse(call.stdout) as Record<string, unknown>) : {} };
}

test('a flag comes before the config file, and that before the environment', async () => {
  const env = { MEMAGENT_MODEL: 'openai:gpt-4.1-nano' };
  const config = 'model: openai:gpt-4.1-mini\n';
  expect((await estimateWith('', [], env)).estimate['model']).toMatch(/gpt-4\.1-nano$/);
  expect((await estimateWith(config, [], env)).estimate['model']).toMatch(/gpt-4\.1-mini$/);
  expect((await estimateWith(config, ['-m', 'openai:gpt-4.1'], env)).estimate['model']).toMatch(/gpt-4\.1$/);
});

test('the config file sets everything that flags set', async () => {
  const config = `
model: openai:gpt-4.1
strategy: refine
window: 4k
sectionTokens: 100
memoryTokens: 300
outputTokens: 400
prices: { input: 1, output: 2 }
maxCost: 5
maxTime: 10m
timeout: 30
reasoning: low
`;
  const { estimate } = await estimateWith(config);
  expect(estimate).toMatchObject({
    strategy: 'refine',
    window: { window: 4096, sectionTokens: 100, memoryTokens: 300 },
  });
  const { estimate: other } = await estimateWith(config, ['--window', '8k', '--price-out', '20']);
  expect(other).toMatchObject({ window: { window: 8192, sectionTokens: 100 } });
  // A price that is given leaves the other one as it is.
  const [cost = 0, otherCost = 0] = [estimate['cost'], other['cost']].map(Number);
  expect(otherCost).toBeGreaterThan(cost);
});

test('paths in the config file are taken from its folder', async () => {
  const home = createFolder();
  mkdirSync(join(home, 'prompts'));
  writeFileSync(join(home, 'prompts', 'mine.txt'), '=== update ===\nno slots\n=== answer ===\nnone\n');
  writeFileSync(join(home, 'config.yaml'), 'template: prompts/mine.txt\n');
  const { code, stderr } = await createCli({ cwd: folder })(['estimate', 'Who?', book], {
    env: { MEMAGENT_HOME: home },
  });
  expect(code).toBe(2);
  expect(stderr).toContain(join(home, 'prompts', 'mine.txt'));
});

test.each([
  ['modle: x', /unknown key modle; accepted are: model, baseUrl/],
  ['prices: { inputs: 1 }', /unknown key prices\.inputs; accepted are: input, output, cachedInput/],
  ['window: 1.5', /window: expected a whole number of 1 or more.*received 1\.5/],
  ['window: wide', /window: .*received "wide"/],
  ['maxTime: soon', /maxTime: expected a time such as 30s.*received "soon"/],
  ['reader: nobody', /reader: .*received "nobody"/],
  ['- a list', /the file: /],
  ['a: [', /is not YAML/],
])('the config %j is refused', async (config, message) => {
  const { code, stderr } = await estimateWith(config);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('MEMAGENT_HOME, --home and --config say where things are', async () => {
  const home = createFolder();
  const config = join(createFolder(), 'other.yaml');
  writeFileSync(config, 'strategy: truncate\nreader: extractive\n');
  const cli = createCli({ cwd: folder });
  await cli(['ask', sampleQuestion, book, '--home', home, '--config', config]);
  const runs = await cli(['runs', '--json', '--home', home]);
  expect(JSON.parse(runs.stdout)).toMatchObject([{ strategy: 'truncate', model: null, status: 'finished' }]);
  expect(JSON.parse((await cli(['runs', '--json'])).stdout)).toEqual([]);
});

test('a key that belongs to one server is not sent to another', async () => {
  const guarded = await startLoopbackServer({ apiKey: 'sk-of-the-config' });
  const home = createFolder();
  writeFileSync(
    join(home, 'config.yaml'),
    `model: loopback\nbaseUrl: ${guarded.baseUrl}\napiKeyEnv: CONFIG_KEY\nretries: 0\n`,
  );
  const env = { MEMAGENT_HOME: home, CONFIG_KEY: 'sk-of-the-config' };
  const cli = createCli({ cwd: folder, env });
  const own = await cli(['ask', sampleQuestion, book]);
  // The same server, but named by a flag: whoever names a server names its key.
  const other = await cli(['ask', sampleQuestion, book, '--base-url', guarded.baseUrl]);
  await guarded.close();
  expect([own.code, other.code]).toEqual([0, 2]);
  expect(other.stderr).toContain('401');
});

test('a home folder that is a file is told of as such', async () => {
  const { code, stderr } = await createCli({ cwd: folder })(['ask', sampleQuestion, book], {
    env: { MEMAGENT_HOME: book },
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/set another home \(MEMAGENT_HOME\)/);
});
