/** What can be read again of a finished run: all of it, and each quoted place by itself. */
import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import type { AskService } from './ask-service.ts';
import { citationTemplate, runTemplate, runUri } from './uris.ts';

/** Most runs that are listed as resources. */
const mostListed = 50;

/** Registers the resources. */
export function registerResources(server: McpServer, service: AskService): void {
  server.registerResource(
    'run',
    new ResourceTemplate(runTemplate, {
      list: async () => ({
        resources: (await service.list(mostListed)).map(({ runId, question, state }) => ({
          uri: runUri(runId),
          name: question,
          description: state,
          mimeType: 'application/json',
        })),
      }),
    }),
    { title: 'Run', description: 'A run with its answer and citations.', mimeType: 'application/json' },
    async (uri, { runId }) => {
      const state = await service.state(await service.get(String(runId)));
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(state) }] };
    },
  );
  server.registerResource(
    'citation',
    new ResourceTemplate(citationTemplate, { list: undefined }),
    { title: 'Citation', description: 'The text that an answer quotes.', mimeType: 'text/plain' },
    async (uri, { runId, number }) => {
      const { result } = await service.get(String(runId));
      const citation = result?.citations[Number(number) - 1];
      if (!citation) throw new ResourceNotFoundError(uri.href);
      return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: citation.text }] };
    },
  );
}
