/** The tools, as models and hosts see them. */
import { messageOf } from '@memagent/core';
import {
  type CallToolResult,
  type ContentBlock,
  type McpServer,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Redact } from '../security/redact.ts';
import type { Call, AskService } from './ask-service.ts';
import { type RunState, runStateSchema } from './run-state.ts';

export interface ToolOptions {
  service: AskService;
  /** Whether files may be named, and whether documents of the network may. */
  canOpenFiles: boolean;
  canOpenUrls: boolean;
  /** Blackens what must not be told in what went wrong. */
  redact: Redact;
}

const question = z.string().min(1).describe('The question, in full sentences.');
const runId = z.string().min(1).describe('The id of a run, as ask gave it.');

const askSchema = z.object({
  question,
  path: z.string().optional().describe('A file, or a folder whose files are read together.'),
  url: z.url().optional().describe('A document of one of the allowed hosts.'),
  text: z.string().optional().describe('The document itself.'),
  name: z.string().optional().describe('What to call the text in citations.'),
});

/** Citations of many runs would be more than a list is worth. */
const listedRunSchema = runStateSchema.omit({ citations: true, usage: true, next: true });

const reads = { readOnlyHint: true, openWorldHint: false };
const works = { readOnlyHint: false, destructiveHint: false, openWorldHint: false };

/** Registers all tools. What cannot be asked for (`path`, `url`) is not offered. */
export function registerTools(
  server: McpServer,
  { service, canOpenFiles, canOpenUrls, redact }: ToolOptions,
): void {
  const answer = async (work: Promise<RunState>): Promise<CallToolResult> => {
    try {
      return tell(await work);
    } catch (error) {
      throw new Error(redact(messageOf(error)), { cause: error });
    }
  };
  server.registerTool(
    'ask',
    {
      title: 'Ask a document',
      description:
        'Reads a document of any length from beginning to end and answers the question, with citations. Answers at once if it is done within a minute; otherwise it gives a runId, and wait gets the answer.',
      inputSchema: askSchema.omit({
        ...(!canOpenFiles && { path: true }),
        ...(!canOpenUrls && { url: true }),
      }) as typeof askSchema,
      outputSchema: runStateSchema,
      annotations: { ...works, openWorldHint: canOpenUrls },
    },
    ({ question: asked, ...document }, context) => answer(service.ask(document, asked, callOf(context))),
  );
  server.registerTool(
    'ask_again',
    {
      title: 'Ask the same document',
      description: 'Asks another question of the document of an earlier run, which need not be sent again.',
      inputSchema: z.object({ runId, question }),
      outputSchema: runStateSchema,
      annotations: works,
    },
    (input, context) => answer(service.askAgain(input.runId, input.question, callOf(context))),
  );
  server.registerTool(
    'wait',
    {
      title: 'Wait for an answer',
      description:
        'Waits for the answer of a run, less than a minute. If the run is still reading then, it says so; call it again.',
      inputSchema: z.object({ runId }),
      outputSchema: runStateSchema,
      annotations: reads,
    },
    (input, context) => answer(service.wait(input.runId, callOf(context))),
  );
  server.registerTool(
    'resume',
    {
      title: 'Go on with a run',
      description: 'Goes on with a run that was stopped. What was read is not read again.',
      inputSchema: z.object({ runId }),
      outputSchema: runStateSchema,
      annotations: works,
    },
    (input, context) => answer(service.resume(input.runId, callOf(context))),
  );
  server.registerTool(
    'cancel',
    {
      title: 'Stop a run',
      description: 'Stops a run at once. What was read is kept, and resume goes on with it.',
      inputSchema: z.object({ runId }),
      outputSchema: runStateSchema,
      annotations: { ...works, idempotentHint: true },
    },
    (input) => answer(service.cancel(input.runId)),
  );
  server.registerTool(
    'list_runs',
    {
      title: 'List the runs',
      description:
        'Lists the runs that were begun here, newest first, with their states and answers; show_run has the rest.',
      inputSchema: z.object({ limit: z.int().min(1).max(100).default(20) }),
      outputSchema: z.object({ runs: z.array(listedRunSchema) }),
      annotations: reads,
    },
    async ({ limit }) => {
      const runs = await service.list(limit);
      const lines = runs.map((run) => `${run.runId} ${run.state}: ${run.question}`);
      return {
        content: [{ type: 'text', text: lines.join('\n') || 'There are no runs yet.' }],
        structuredContent: { runs: runs.map((run) => listedRunSchema.parse(run)) },
      };
    },
  );
  server.registerTool(
    'show_run',
    {
      title: 'Show a run',
      description:
        'Shows a run in full: how the document is read, by which model, and the memory as it stands.',
      inputSchema: z.object({ runId }),
      outputSchema: z.object({
        run: runStateSchema,
        memory: z.string(),
        documents: z.array(z.string()),
        settings: z.record(z.string(), z.unknown()),
        createdAt: z.iso.datetime(),
      }),
      annotations: reads,
    },
    async (input) => {
      const record = await service.get(input.runId);
      const run = await service.state(record);
      const memory = await service.memory(record);
      const { readerSettings: _readerSettings, question: _question, ...settings } = record.settings;
      return {
        content: [...tell(run).content, { type: 'text', text: `Memory:\n${memory || '(empty)'}` }],
        structuredContent: {
          run,
          memory,
          documents: record.sources.map((source) => (source.kind === 'spool' ? source.name : source.path)),
          settings,
          createdAt: new Date(record.createdAt).toISOString(),
        },
      };
    },
  );
}

function tell(state: RunState): CallToolResult {
  return { content: [{ type: 'text', text: say(state) }, ...links(state)], structuredContent: state };
}

function say({
  runId: id,
  state,
  sections,
  answer = '',
  citations = [],
  reason = '',
  next = '',
}: RunState): string {
  switch (state) {
    case 'finished': {
      const quotes = citations.map(({ mark, source, page, start, end, text, supported }) => {
        if (text === '') return `[${mark}] leads nowhere`;
        const place = page === null ? `characters ${start} to ${end}` : `page ${page}`;
        return `[${mark}] ${source}, ${place}${supported ? '' : ' (does not bear the sentence out)'}: “${text}”`;
      });
      return [answer, ...quotes].join('\n');
    }
    case 'running':
      return `Run ${id} is reading; it has read ${sections} sections. ${next}`;
    case 'stopped':
    case 'cancelled':
      return `Run ${id} stopped after ${sections} sections: ${reason} ${next}`;
    default:
      return state satisfies never;
  }
}

/** Each quoted place as a resource, for hosts that show them. */
function links({ citations = [] }: RunState): ContentBlock[] {
  return citations
    .filter(({ text }) => text !== '')
    .map(({ uri, mark, source, page, start, end }) => ({
      type: 'resource_link',
      uri,
      name: `[${mark}] ${source}`,
      description: `${page === null ? '' : `Page ${page}, `}characters ${start} to ${end}`,
      mimeType: 'text/plain',
    }));
}

function callOf({ mcpReq, http }: ServerContext): Call {
  const { signal, _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  return {
    signal,
    // Over HTTP leaving is how a caller cancels. Elsewhere a lost connection says nothing of what is wanted.
    isCancelled: () =>
      http !== undefined ||
      !(signal.reason instanceof SdkError && signal.reason.code === SdkErrorCode.ConnectionClosed),
    onSection:
      progressToken === undefined
        ? undefined
        : (progress, message) => {
            const params = { progressToken, progress, message };
            // A caller that has gone need not hear of it.
            mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
          },
  };
}
