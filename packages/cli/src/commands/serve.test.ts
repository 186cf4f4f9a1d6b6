import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, sampleText } from '../sample-document.ts';
import { type ServingProcess, startServing } from '../start-serving.ts';

let model: LoopbackServer;
/** Whether the reply to a request never comes. */
let hangsAt: (number: number) => boolean;
beforeEach(async () => {
  hangsAt = () => false;
  model = await startLoopbackServer({ faults: (number) => (hangsAt(number) ? 'hang' : undefined) });
});
afterEach(() => model.close());

const small = ['--section-tokens', '100', '--memory-tokens', '128', '--output-tokens', '128'];

/** `memagent serve` on a free port. */
function startServe(home: string): Promise<ServingProcess> {
  const argv = ['serve', '--port', '0', '-m', 'loopback', '-b', model.baseUrl, '--tokenizer', 'o200k_base'];
  return startServing([...argv, ...small], { MEMAGENT_HOME: home });
}

type Run = {
  runId: string;
  status: string;
  origin: string;
  result: { answer: string; memory: string } | null;
};

async function call<Reply>(url: string, path: string, body?: object): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
  const response = await fetch(`${url}${path}`, init);
  return (await response.json()) as Reply;
}

/** Waits until a run has ended, and returns it. */
async function outcome(url: string, runId: string): Promise<Run> {
  await (await fetch(`${url}/v1/runs/${runId}/events`)).text();
  return call(url, `/v1/runs/${runId}`);
}

test(
  'kill -9 in the middle: every run goes on after a restart, by itself or by the interface',
  { timeout: 240_000 },
  async () => {
    const home = createFolder();
    const question = sampleQuestion;
    const documents = [{ text: sampleText(16), name: 'keepers.txt' }];
    const first = await startServe(home);
    const whole = await outcome(
      first.url,
      (await call<Run>(first.url, '/v1/runs', { question, documents })).runId,
    );
    const callsOfOne = model.stats.requests;

    // Three runs and a chat: four calls are answered, too few for any to end, and each run waits for the next for ever.
    const stuck = Promise.withResolvers<void>();
    let calls = 0;
    hangsAt = () => {
      calls += 1;
      if (calls === 8) stuck.resolve();
      return calls > 4;
    };
    const asked = [1, 2, 3].map(() => call<Run>(first.url, '/v1/runs', { question, documents }));
    const messages = [
      { role: 'user', content: sampleText(400) },
      { role: 'user', content: question },
    ];
    const chat = call(first.url, '/v1/chat/completions', { model: 'loopback', messages });
    chat.catch(() => {});
    const runs = await Promise.all(asked);
    await stuck.promise;
    await first.kill('SIGKILL');
    await expect(chat).rejects.toThrow('fetch failed');
    hangsAt = () => false;

    const second = await startServe(home);
    await expect.poll(second.said, { timeout: 20_000 }).toContain('Going on with unfinished runs: 3.');
    for (const { runId } of runs) {
      const run = await outcome(second.url, runId);
      expect(run).toMatchObject({ status: 'finished', result: { memory: whole.result?.memory } });
    }
    // The chat has nobody to answer any more; it can be resumed as any run.
    const { data } = await call<{ data: Run[] }>(second.url, '/v1/runs?status=stopped');
    expect(data).toMatchObject([{ origin: 'chat' }]);
    const chatId = data[0]?.runId ?? '';
    await call(second.url, `/v1/runs/${chatId}/resume`, {});
    expect(await outcome(second.url, chatId)).toMatchObject({
      status: 'finished',
      result: { answer: expect.stringContaining('Ada Holm') },
    });
    // The command line knows the runs, too.
    const listed = await createCli({ env: { MEMAGENT_HOME: home } })(['runs', '--json']);
    expect(JSON.parse(listed.stdout)).toHaveLength(5);
    expect(callsOfOne).toBeGreaterThan(5);
    expect(await second.kill('SIGTERM')).toBe(0);
  },
);

test.each([
  ['an address that others reach', ['--host', '0.0.0.0'], 'without an API key'],
  ['a key that is not there', ['--server-key-env', 'NO_SUCH_KEY'], 'NO_SUCH_KEY'],
  ['a root that is no folder', ['--root', '/no/such/folder'], '/no/such/folder'],
])('%s is refused before anything is served', async (_name, flags, said) => {
  const { code, stdout, stderr } = await createCli()([
    'serve',
    '--reader',
    'evidence',
    '--port',
    '0',
    ...flags,
  ]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});
