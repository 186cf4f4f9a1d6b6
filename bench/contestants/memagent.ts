import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createLimits, createSqliteRunStore, createTiktokenTokenizer, read } from '@memagent/core';
import { type Contestant, sampling, sectionTokens } from './contestant.ts';

/** memagent as a user has it: cuts, counts, and keeps every step in SQLite on disk under `home`. */
export async function createMemagentContestant(
  baseURL: string,
  concurrency: number,
  home: string,
): Promise<Contestant> {
  const model = createOpenAICompatible({ name: 'loopback', baseURL })('loopback');
  const tokenizer = await createTiktokenTokenizer('o200k_base');
  const store = createSqliteRunStore({ home });
  const limits = createLimits({ concurrency });
  const { temperature, topP, maxTokens } = sampling;
  return {
    name: 'memagent',
    async read({ question, text }) {
      const run = read({
        model,
        question,
        source: text,
        tokenizer,
        store,
        limits,
        sectionTokens,
        temperature,
        topP,
        outputTokens: maxTokens,
      });
      return (await run.result).usage.calls;
    },
    close: () => store.close(),
  };
}
