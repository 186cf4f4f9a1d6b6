import { loadQARefineChain } from '@langchain/classic/chains';
import { Document } from '@langchain/core/documents';
import { ChatOpenAI } from '@langchain/openai';
import { TokenTextSplitter } from '@langchain/textsplitters';
import { getEncoding } from 'js-tiktoken';
import { type Contestant, sampling, sectionTokens } from './contestant.ts';

/** LangChain.js's refine chain over documents that its own token splitter cut, or that it is given. */
export function createLangchainRefine(baseURL: string, cutting: 'cuts' | 'given'): Contestant {
  const model = new ChatOpenAI({
    model: 'loopback',
    apiKey: 'none',
    configuration: { baseURL },
    maxRetries: 6,
    ...sampling,
  });
  const chain = loadQARefineChain(model);
  const splitter = new TokenTextSplitter({ chunkSize: sectionTokens, chunkOverlap: 0 });
  // The splitter would download the encoding on first use; it is given what it would make of it.
  Object.assign(splitter, { tokenizer: getEncoding('o200k_base') });
  return {
    name: `LangChain.js refine, sections ${cutting === 'cuts' ? 'cut by itself' : 'given'}`,
    async read({ question, text, sections }) {
      const pieces = cutting === 'given' ? sections : await splitter.splitText(text);
      const documents = pieces.map((pageContent) => new Document({ pageContent }));
      await chain.invoke({ input_documents: documents, question });
      return pieces.length;
    },
  };
}
