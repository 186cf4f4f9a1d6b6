/**
 * LlamaIndex.TS: a response synthesizer that reads what was retrieved section by section, however much it is.
 *
 *   node examples/adapters/llamaindex.ts [<base URL> <model>]
 */
import type { LLM, MessageContent } from '@llamaindex/core/llms';
import { BaseSynthesizer } from '@llamaindex/core/response-synthesizers';
import {
  type BaseNode,
  EngineResponse,
  MetadataMode,
  type NodeWithScore,
  TextNode,
} from '@llamaindex/core/schema';
import { createMemoryRunStore, read, type ReadOptions } from 'memagent';
import { beginningOfBook, modelFromArguments } from './example-input.ts';

/** Reads the nodes in the order of their ranks, and gives those as sources that the answer cites. */
export class ReadingSynthesizer extends BaseSynthesizer {
  readonly #options: Omit<ReadOptions, 'question' | 'source'>;

  constructor(options: Omit<ReadOptions, 'question' | 'source'>) {
    // The model that answers is memagent's; the base class wants one of its own kind and never asks it.
    super({ llm: { metadata: {} } as LLM });
    this.#options = options;
  }

  protected override async getResponse(
    query: MessageContent,
    nodes: NodeWithScore[],
    stream: boolean,
  ): Promise<EngineResponse | AsyncIterable<EngineResponse>> {
    const { answer, citations } = await read({
      ...this.#options,
      question: textOf(query),
      source: nodes.map(({ node }) => ({ text: node.getContent(MetadataMode.NONE), name: idOf(node) })),
    }).result;
    const cited = new Set(citations.map(({ source }) => source));
    const sources = nodes.filter(({ node }) => cited.has(idOf(node)));
    const response = EngineResponse.fromResponse(answer, stream, sources);
    return stream ? only(response) : response;
  }

  // The prompts are memagent's, changed by its template.
  protected override _getPromptModules(): Record<string, never> {
    return {};
  }
  protected override _getPrompts(): Record<string, never> {
    return {};
  }
  protected override _updatePrompts(): void {}
}

export function idOf({ id_: id }: BaseNode): string {
  return id;
}

function textOf(query: MessageContent): string {
  if (typeof query === 'string') return query;
  return query.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

async function* only(response: EngineResponse): AsyncGenerator<EngineResponse> {
  yield response;
}

if (import.meta.main) {
  const chapters = (await beginningOfBook()).split(/(?=^CHAPTER [IVX]+$)/m);
  const nodes = chapters.map((text, index) => ({
    node: new TextNode({ text, id_: `part ${index}` }),
    score: 1 / (index + 1),
  }));
  const synthesizer = new ReadingSynthesizer({ ...modelFromArguments(), store: createMemoryRunStore() });
  const response = await synthesizer.synthesize({
    query: { query: 'Who was nicknamed the King of Prussia?' },
    nodes,
  });
  console.log(response.toString());
  for (const { node } of response.sourceNodes ?? []) console.log(`    from ${idOf(node)}`);
}
