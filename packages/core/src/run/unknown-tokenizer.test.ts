/** The window holds for servers whose tokenizer is not known, whatever comes in which order. */
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import { byteTokenizer } from '../tokenizer/byte-tokenizer.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { estimate } from './estimate.ts';
import { read } from './read.ts';

const book = readFileSync(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url), 'utf8');

/** Names of countries in a language: text in any script that Node has. */
function namesIn(language: string): string {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((a) => letters.map((b) => names.of(a + b) ?? '')).join(', ');
}

const scattered = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => (index * 7919 + 13) % 99_991);

/** About 6,000 characters of each kind. */
const kinds: Record<string, string> = {
  english: book.slice(500_000, 506_000),
  capitals: book.slice(500_000, 506_000).toUpperCase(),
  code: readFileSync(new URL('strategy-run.ts', import.meta.url), 'utf8').slice(0, 6000),
  chinese: namesIn('zh').repeat(3),
  japanese: namesIn('ja').repeat(2),
  arabic: namesIn('ar').repeat(2),
  hindi: namesIn('hi').repeat(2),
  greek: namesIn('el').repeat(2),
  accents: namesIn('vi').repeat(2),
  emoji: '😀🎉👩\u200d👩\u200d👧🏳️\u200d🌈👍🏽 great 🚀 '.repeat(180),
  base64: Buffer.from(scattered(4500).map((value) => value % 256)).toString('base64'),
  digits: scattered(1300).join(''),
  table: scattered(400).join(' |\n| '),
  spaces: scattered(150)
    .map((value) => `${' '.repeat(value % 79)}x`)
    .join('\n'),
};

const servers: Tokenizer[] = [byteTokenizer];
for (const name of ['r50k_base', 'p50k_base', 'cl100k_base', 'o200k_base'] as const) {
  servers.push(await createTiktokenTokenizer(name));
}

/** A server that counts by its own tokenizer, and writes such memories as the document is made of. */
function createServer(tokenizer: Tokenizer, window: number, memories: readonly string[]) {
  let calls = 0;
  return createScriptedModel(({ prompt, maxOutputTokens = 0 }) => {
    const promptTokens = tokenizer.countPrompt(promptMessages({ prompt }));
    expect(promptTokens + maxOutputTokens).toBeLessThanOrEqual(window);
    return {
      text: memories[calls++ % memories.length] ?? '',
      usage: { promptTokens, completionTokens: 500 },
    };
  });
}

const oneCall = ['truncate', 'retrieve'];

const mixes = fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 8 });

test.each(servers.map((server) => [server.name, server] as const))(
  'no request exceeds the window of a server that counts by %s',
  { timeout: 120_000 },
  async (_name, tokenizer) => {
    const property = fc.asyncProperty(
      mixes,
      mixes,
      // The other two send nothing before their only request that they could learn from.
      fc.constantFrom(
        'memory',
        'reread',
        'map-reduce',
        'refine',
        ...(tokenizer === byteTokenizer ? [] : oneCall),
      ),
      fc.constantFrom(8192, 6000),
      async (parts, notes, strategy, window) => {
        const source = parts.map((kind) => kinds[kind]).join('\n');
        const memories = notes.map((kind) => kinds[kind]?.slice(0, 2500) ?? '');
        const model = createServer(tokenizer, window, memories);
        const options = { question: 'Who is it?', source, model, window, strategy, tokenizer: 'estimate' };
        const store = createMemoryRunStore();
        const { sections, usage } = await read({ ...options, store, retry: { retries: 0 } }).result;
        expect(sections).toBeGreaterThan(0);
        expect(usage.calls).toBe(model.requests.length);
        await store.close();
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 20 });
  },
);

test('sections side by side are cut the same, in whatever order they are answered', async () => {
  const source = ['english', 'code', 'chinese', 'english', 'table', 'english']
    .map((kind) => kinds[kind])
    .join('\n');
  const [, server] = servers;
  const cuts = new Set<string>();
  for (const delays of [[0], [5, 0, 3, 1], [0, 1, 2, 9], [9, 0]]) {
    let calls = 0;
    const model = createScriptedModel(async ({ prompt }) => {
      const promptTokens = server?.countPrompt(promptMessages({ prompt })) ?? 0;
      for (let turn = delays[calls++ % delays.length] ?? 0; turn > 0; turn--) await nextTurn();
      return { text: 'Noted.', usage: { promptTokens } };
    });
    const store = createMemoryRunStore();
    const options = { question: 'Who is it?', source, model, strategy: 'map-reduce', tokenizer: 'estimate' };
    const run = read({ ...options, store });
    const ends: unknown[] = [];
    for await (const event of run) {
      if (event.type === 'section-start') ends.push(event.spans.at(-1)?.end);
    }
    expect(ends.length).toBeGreaterThan(6);
    cuts.add(JSON.stringify(ends));
    await store.close();
  }
  expect(cuts.size).toBe(1);
});

test.each(['memory', 'reread', 'map-reduce', 'refine'])(
  '%s: the estimate is an upper bound',
  async (strategy) => {
    const [, server] = servers;
    if (!server) throw new Error('no server');
    for (const kind of ['english', 'code', 'chinese', 'spaces']) {
      const source = (kinds[kind] ?? '').repeat(6);
      const model = createServer(server, 8192, ['Noted.']);
      const options = { question: 'Who is it?', source, model, strategy, tokenizer: 'estimate' };
      const most = await estimate(options);
      const store = createMemoryRunStore();
      const { usage, sections } = await read({ ...options, store }).result;
      expect(sections).toBeLessThanOrEqual(most.sections);
      expect(usage.promptTokens).toBeLessThanOrEqual(most.promptTokens);
      await store.close();
    }
  },
);
