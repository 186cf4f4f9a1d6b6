import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createSqliteRunStore } from '../store/sqlite-run-store.ts';
import { startLoopbackServer } from '../testing/loopback-server.ts';
import { extract } from './extract.ts';
import { again, plantedRecord, plantedText } from './planted-document.ts';

test(
  'a million tokens of a book through a server: every record once, contradictions side by side',
  { timeout: 300_000 },
  async () => {
    const book = await readFile(
      new URL('../../../../examples/data/war-and-peace.txt', import.meta.url),
      'utf8',
    );
    const parts = plantedText(book.split('\n\n'), { characters: 4_300_000, every: 20 });
    let planted = { records: 0, restated: 0, contradicted: 0 };
    async function* source(): AsyncGenerator<string> {
      for (;;) {
        const next = parts.next();
        if (next.done) {
          planted = next.value;
          return;
        }
        yield next.value;
      }
    }
    const home = await mkdtemp(join(tmpdir(), 'memagent-extract-'));
    await using server = await startLoopbackServer({ window: 8192 });
    const store = createSqliteRunStore({ home });
    try {
      const run = extract({
        model: createOpenAICompatible({
          name: 'loopback',
          baseURL: server.baseUrl,
          supportsStructuredOutputs: true,
        })('loopback'),
        schema: z.object({ id: z.string(), name: z.string(), year: z.int() }),
        key: ['id'],
        source: { stream: source() },
        tokenizer: 'o200k_base',
        store,
      });
      let number = 0;
      for await (const { record, conflicts, unsupported, mentions } of run.records()) {
        const isContradicted = number % again.contradicted === 0;
        expect({ record, conflicts, unsupported }).toEqual({
          record: plantedRecord(number),
          conflicts: isContradicted ? ['year'] : [],
          unsupported: [],
        });
        expect(mentions).toBeGreaterThanOrEqual(isContradicted ? 2 : 1);
        number += 1;
      }
      const { tokens, sections, usage, extraction } = await run.result;
      expect(tokens).toBeGreaterThan(1_000_000);
      expect(number).toBe(planted.records);
      expect(extraction).toEqual({
        records: planted.records,
        mentions: planted.records + planted.restated + planted.contradicted,
        conflicts: planted.contradicted,
        unsupported: 0,
        dropped: { records: 0, pieces: 0, first: [] },
      });
      expect(usage.calls).toBe(sections);
      expect(server.stats.overWindow).toBe(0);
    } finally {
      await store.close();
      await rm(home, { recursive: true });
    }
  },
);
