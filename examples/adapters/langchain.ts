/**
 * LangChain.js: the reading agent as a runnable, which pipes, batches and aborts as any other.
 *
 *   node examples/adapters/langchain.ts [<base URL> <model>]
 */
import { RunnableLambda } from '@langchain/core/runnables';
import { createMemoryRunStore, read, type ReadOptions, type RunResult } from 'memagent';
import { beginningOfBook, modelFromArguments } from './example-input.ts';

export interface Asked {
  question: string;
  source: ReadOptions['source'];
}

/** A runnable from a question and its document to the result of a run. Its signal stops the run. */
export function createReadingRunnable(
  options: Omit<ReadOptions, 'question' | 'source' | 'signal'>,
): RunnableLambda<Asked, RunResult> {
  return RunnableLambda.from<Asked, RunResult>(
    ({ question, source }, { signal } = {}) =>
      read({ ...options, question, source, ...(signal && { signal }) }).result,
  ).withConfig({ runName: 'memagent' }) as RunnableLambda<Asked, RunResult>;
}

if (import.meta.main) {
  const reading = createReadingRunnable({ ...modelFromArguments(), store: createMemoryRunStore() });
  const chain = reading.pipe(({ answer, citations }) => ({ answer, quote: citations[0]?.text }));
  const source = await beginningOfBook();
  const answers = await chain.batch([
    { question: 'Who was nicknamed the King of Prussia?', source },
    { question: 'What is the name of the estate of Prince Nikolai Bolkonski?', source },
  ]);
  for (const { answer, quote } of answers) console.log(`${answer}\n    “${quote}”`);
}
