import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createTestServer, readEvents, sampleQuestion, sampleText } from '../test-server.ts';

test('the runs of chats are deleted with their documents when they are old, and other runs are kept', async () => {
  await using server = await createTestServer({ keepChatRunsMs: 1 });
  const messages = [
    { role: 'user', content: sampleText(20) },
    { role: 'user', content: sampleQuestion },
  ];
  await server.json('POST', '/v1/chat/completions', { model: 'memagent/evidence', messages });
  const form = new FormData();
  form.set('file', new File([sampleText(20)], 'keepers.txt'));
  form.set('question', sampleQuestion);
  const { runId } = await server.json<{ runId: string }>('POST', '/v1/runs', form);
  await readEvents(await server.call('GET', `/v1/runs/${runId}/events`));
  expect(await server.json('GET', '/v1/runs')).toMatchObject({ data: [{ runId }, { origin: 'chat' }] });
  expect(await readdir(`${server.home}/files`)).toHaveLength(2);

  await server.close();
  await using next = await createTestServer({ home: server.home, keepChatRunsMs: 1 });
  await next.start();
  const { data } = await next.json<{ data: { runId: string }[] }>('GET', '/v1/runs');
  expect(data.map((run) => run.runId)).toEqual([runId]);
  expect(await readdir(`${server.home}/files`)).toHaveLength(1);
});
