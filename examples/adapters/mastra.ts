/**
 * Mastra: a tool by which an agent asks questions of documents that are longer than its window.
 *
 *   node examples/adapters/mastra.ts [<base URL> <model>]
 */
import { createTool } from '@mastra/core/tools';
import { createMemoryRunStore, read, type ReadOptions } from 'memagent';
import { z } from 'zod';
import { beginningOfBook, modelFromArguments } from './example-input.ts';

/** A tool over the documents that it is given, by name: an agent names one, and reads no other file. */
export function createReadingTool(
  documents: Readonly<Record<string, ReadOptions['source']>>,
  options: Omit<ReadOptions, 'question' | 'source' | 'signal'>,
) {
  const names = Object.keys(documents);
  return createTool({
    id: 'ask-document',
    description: `Reads a document of any length and answers a question, with citations. Documents: ${names.join(', ')}.`,
    inputSchema: z.object({ document: z.enum(names), question: z.string() }),
    outputSchema: z.object({
      answer: z.string(),
      found: z.boolean(),
      citations: z.array(z.object({ source: z.string(), text: z.string(), supported: z.boolean() })),
    }),
    execute: async ({ document, question }, { abortSignal }) => {
      const source = documents[document];
      if (source === undefined) throw new Error(`There is no document ${document}.`);
      const { answer, found, citations } = await read({
        ...options,
        question,
        source,
        ...(abortSignal && { signal: abortSignal }),
      }).result;
      return {
        answer,
        found,
        citations: citations.map(({ source: name, text, supported }) => ({ source: name, text, supported })),
      };
    },
  });
}

if (import.meta.main) {
  const tool = createReadingTool(
    { 'War and Peace': await beginningOfBook() },
    { ...modelFromArguments(), store: createMemoryRunStore() },
  );
  const input = { document: 'War and Peace', question: 'Who was nicknamed the King of Prussia?' };
  console.log(JSON.stringify(await tool.execute?.(input, {} as never), null, 2));
}
