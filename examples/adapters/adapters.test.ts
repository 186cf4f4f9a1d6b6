import { createScriptedModel, type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { createMemoryRunStore } from 'memagent';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);

/** `npm run examples:adapters` installs the frameworks, which nobody else needs, and runs these tests. */
const isInstalled = existsSync(new URL('node_modules', import.meta.url));

let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer();
});
afterAll(() => server.close());

async function example(name: string, ...args: string[]): Promise<string> {
  const file = new URL(name, import.meta.url).pathname;
  const env = { ...process.env, MASTRA_TELEMETRY_DISABLED: '1', LANGCHAIN_TRACING_V2: 'false' };
  const { stdout } = await run(process.execPath, ['--conditions=@memagent/source', file, ...args], { env });
  return stdout;
}

test.skipIf(!isInstalled)(
  'LangChain.js: a runnable that pipes and batches',
  { timeout: 180_000 },
  async () => {
    const output = await example('langchain.ts', server.baseUrl, 'loopback');
    expect(output).toMatch(
      /Bolkónski[^]*King of Prussia[^]*\[\d+\][^]*\n {4}“[^”]*nicknamed ‘the King of Prussia.’”\n/,
    );
    expect(output.match(/^ {4}“/gm)).toHaveLength(2);
    expect(server.stats.requests).toBeGreaterThan(4);
  },
);

test.skipIf(!isInstalled)(
  'LangChain.js: the signal of a call stops the run',
  { timeout: 180_000 },
  async () => {
    const { createReadingRunnable } = await import('./langchain.ts');
    const started = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const model = createScriptedModel(async ({ abortSignal }) => {
      started.resolve();
      await new Promise<void>((resolve) => abortSignal?.addEventListener('abort', () => resolve()));
      stopped.resolve();
      return 'never';
    });
    const leaving = new AbortController();
    const runnable = createReadingRunnable({ model, store: createMemoryRunStore() });
    const invoked = runnable.invoke(
      { question: 'Who?', source: 'Someone came.' },
      { signal: leaving.signal },
    );
    await started.promise;
    leaving.abort();
    await expect(invoked).rejects.toThrow(/abort/i);
    await stopped.promise;
  },
);

test.skipIf(!isInstalled)(
  'LlamaIndex.TS: a synthesizer that cites the nodes',
  { timeout: 180_000 },
  async () => {
    const output = await example('llamaindex.ts', server.baseUrl, 'loopback');
    expect(output).toMatch(/^.*King of Prussia.*\[\d+\]/m);
    expect(output).toMatch(/^ {4}from part \d+$/m);
  },
);

test.skipIf(!isInstalled)('LlamaIndex.TS: the same as a stream', { timeout: 180_000 }, async () => {
  const { idOf, ReadingSynthesizer } = await import('./llamaindex.ts');
  const { TextNode } = await import('@llamaindex/core/schema');
  const synthesizer = new ReadingSynthesizer({ store: createMemoryRunStore() });
  const nodes = ['It rained all day.', 'The harbour master of Oulu is called Aino.'].map((text, index) => ({
    node: new TextNode({ text, id_: `node ${index}` }),
    score: 1,
  }));
  const query = { query: 'Who is the harbour master of Oulu?' };
  const parts = [];
  for await (const part of await synthesizer.synthesize({ query, nodes }, true)) parts.push(part);
  expect(parts.map(({ delta }) => delta).join('')).toContain('Aino');
  expect(parts.at(-1)?.sourceNodes?.map(({ node }) => idOf(node))).toEqual(['node 1']);
});

test.skipIf(!isInstalled)('Mastra: a tool with checked input and output', { timeout: 180_000 }, async () => {
  const output = JSON.parse(await example('mastra.ts', server.baseUrl, 'loopback')) as unknown;
  expect(output).toMatchObject({ found: true, answer: expect.stringContaining('King of Prussia') });
  const { createReadingTool } = await import('./mastra.ts');
  const tool = createReadingTool({ log: 'Aino is the harbour master.' }, { store: createMemoryRunStore() });
  expect(await tool.execute?.({ document: 'other', question: 'Who?' }, {} as never)).toMatchObject({
    error: true,
    message: expect.stringContaining('document'),
  });
});
