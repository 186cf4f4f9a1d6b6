import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';

const run = promisify(execFile);

let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer();
});
afterAll(() => server.close());

async function example(name: string, ...args: string[]): Promise<string> {
  const file = new URL(name, import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--conditions=@memagent/source', file, ...args]);
  return stdout;
}

test('read-a-book', async () => {
  const output = await example('read-a-book.ts');
  expect(output).toMatch(/^\d+ sections, \d+ tokens\n/);
  expect(output).toMatch(/\[\d+\] war-and-peace\.txt, characters \d+ to \d+\n {4}\S/);
  expect(output).toContain('Bald Hills');
});

test('with-a-model', async () => {
  const output = await example('with-a-model.ts', server.baseUrl, 'loopback');
  expect(output).toMatch(/answer: \d{4} tokens read/);
  expect(output).toMatch(/1 call\(s\)/);
});

test('ai-sdk', { timeout: 120_000 }, async () => {
  const output = await example('ai-sdk.ts', server.baseUrl, 'loopback');
  const [streamed = '', answered = ''] = output.split(/^\d{5} tokens in all\n$/m);
  expect(streamed).toContain('King of Prussia');
  expect(answered).toMatch(/\n\[\d+\] document: “[^”]*nicknamed ‘the King of Prussia.’”\n/);
});

test('extract-records', { timeout: 60_000 }, async () => {
  const output = await example('extract-records.ts');
  expect(output).toMatch(
    /^BOOK ONE: 1805, at 110 and 6670\n(?:BOOK \w+: 18\d\d, at \d+ and \d+\n){14}15 records from 30 mentions; /,
  );
  expect(output).toMatch(/\n0 requests over the window\n$/);
});

test('resume', async () => {
  const output = await example('resume.ts');
  expect(output).toMatch(
    /^stopped: limit-reached after \d+ calls\nfinished after (\d+) calls in all, \1 of them made\n$/,
  );
});

test('own-strategy', async () => {
  expect(await example('own-strategy.ts')).toMatch(/^every-second: Boris lives in Kazan\. ?\[1\]/);
});

test('testing', async () => {
  expect(await example('testing.ts')).toMatch(/^answered after \d+ requests: .*Kazan/);
});

test('three-questions, asked the second', { timeout: 60_000 }, async () => {
  const question = 'What is the name of the estate of Prince Nikolai Bolkonski?';
  const [, byRule = '', byServer = ''] = (await example('three-questions.ts', question)).split(/^> .*$/m);
  for (const output of [byRule, byServer])
    expect(output).toMatch(/^Bald Hills, .* \[90\][\s\S]*\[90\] = characters 1822021 to 1822147$/m);
  expect(byServer).toMatch(/^157 requests, 0 of them over the window$/m);
});

test('train-a-policy', { timeout: 120_000 }, async () => {
  const output = await example('train-a-policy.ts');
  const rewards = [...output.matchAll(/^step \d+ {2}reward (\d\.\d{3}) /gm)].map(([, reward]) =>
    Number(reward),
  );
  expect(rewards).toHaveLength(15);
  expect(rewards[0]).toBeLessThan(0.4);
  expect(rewards.at(-1)).toBeGreaterThan(0.9);
  expect(output).toMatch(/^the page of the run: .*report\.html$/m);
});
