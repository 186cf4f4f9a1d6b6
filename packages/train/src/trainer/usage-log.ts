/** `usage.json`: the tokens that all sessions of a run had an engine elsewhere read, sample and train on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { z } from 'zod';
import type { TrainingBackend } from '../backend/backend.ts';
import { addTokens, noTokens, type TokenCount } from '../backend/token-count.ts';
import { replaceDurably } from '../checkpoint/write-durably.ts';
import { writeFailed } from '../checkpoint/write-failed.ts';

const fileName = 'usage.json';
const count = z.int().nonnegative();
const schema = z.strictObject({ prompt: count, sampled: count, scored: count, trained: count });

export interface UsageLog {
  /** Writes the totals as they are. Throws `store-failed`. */
  write(): Promise<void>;
}

/** Goes on with the totals of the run in `out`. Engines that count nothing leave no file. */
export async function openUsageLog(
  out: string,
  engines: readonly Pick<TrainingBackend<never>, 'usage'>[],
): Promise<UsageLog> {
  const counting = engines.filter(({ usage }) => usage !== undefined);
  if (counting.length === 0) return { write: async () => {} };
  const before = (await readUsage(out)) ?? noTokens();
  return {
    async write() {
      const total = counting.map((engine) => engine.usage?.() ?? noTokens()).reduce(addTokens, before);
      try {
        await replaceDurably(join(out, fileName), `${JSON.stringify(total)}\n`);
      } catch (error) {
        throw writeFailed('the tokens', out, error);
      }
    },
  };
}

/** What the run in a folder has used up; undefined where it was trained here. Throws `store-failed` for a damaged file. */
export async function readUsage(out: string): Promise<TokenCount | undefined> {
  const path = join(out, fileName);
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new MemagentError(
      `${path} cannot be read: ${messageOf(error)} Remove it to count from nothing again.`,
      { code: 'store-failed', data: { path }, cause: error },
    );
  }
}
