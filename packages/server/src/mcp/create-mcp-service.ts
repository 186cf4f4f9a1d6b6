/** Puts the parts together that every connection shares. */
import type { Json, ReadingOptions, RunStore, SessionOptions } from '@memagent/core';
import { McpServer } from '@modelcontextprotocol/server';
import { createFileGate } from '../documents/file-gate.ts';
import { createUrlGate, type UrlGateOptions } from '../documents/url-gate.ts';
import { createRunSupervisor, type LiveRun } from '../runs/run-supervisor.ts';
import { type Redact, redactStore } from '../security/redact.ts';
import { registerResources } from './resources.ts';
import { createAskService } from './ask-service.ts';
import { registerTools } from './tools.ts';

export interface McpServiceOptions {
  /** Where runs are kept; stays the caller's to close, after the service. */
  store: RunStore;
  /** How documents are read, by which model, and what a run may use. */
  reading?: ReadingOptions & Omit<SessionOptions, 'store' | 'home' | 'signal'>;
  /** Folders whose files may be named as documents. Default: none. */
  roots?: readonly string[];
  /** Hosts whose documents may be named, see `createUrlGate`. Default: none. */
  allowedHosts?: readonly string[];
  /** Most bytes of a document of the network. Default 256 MiB. */
  maxUrlBytes?: number;
  /** Most runs at once. Default 8. */
  maxRuns?: number;
  /** Longest that a call takes, in milliseconds. Default 45,000: clients give up after 60,000. */
  answerWithinMs?: number;
  /** Kept with each run: what another program needs to go on with it. Never secrets. */
  client?: Readonly<Record<string, Json>>;
  /** Blackens what must not be told, such as a key that a model's server repeats. Default: nothing. */
  redact?: Redact;
  /** The server's own version, as it is told to clients. */
  version: string;
  /** For tests: how names become addresses. */
  lookup?: UrlGateOptions['lookup'];
}

export interface McpService {
  /** Makes the server of one connection, or of one request. */
  createServer(): McpServer;
  /** Takes up what an earlier process left unfinished. */
  resumeAll(): Promise<LiveRun[]>;
  /** Stops all runs; the next process takes them up. */
  close(): Promise<void>;
}

const instructions = `Asks questions of documents of any length. ask reads the whole document, which can take minutes: if its answer says that the run is still reading, call wait with the runId until the state is finished. To ask more of the same document, call ask_again with the runId. Marks in the answer, such as [12], belong to the citations beside it, which quote the document; each can be read as a resource.`;

/** Makes the service. Throws `source-unreadable` for a root that is no folder. */
export function createMcpService(options: McpServiceOptions): McpService {
  const { roots = [], allowedHosts = [], maxUrlBytes, lookup, client, version } = options;
  const redact = options.redact ?? ((text: string) => text);
  const store = redactStore(options.store, redact);
  const supervisor = createRunSupervisor({ store, maxRuns: options.maxRuns ?? 8 });
  const service = createAskService({
    supervisor,
    store,
    reading: options.reading ?? {},
    files: createFileGate(roots),
    urls: createUrlGate({
      allowedHosts,
      ...(maxUrlBytes === undefined ? {} : { maxBytes: maxUrlBytes }),
      ...(lookup === undefined ? {} : { lookup }),
    }),
    answerWithinMs: options.answerWithinMs ?? 45_000,
    ...(client === undefined ? {} : { client }),
  });
  return {
    createServer() {
      const server = new McpServer({ name: 'memagent', title: 'memagent', version }, { instructions });
      registerTools(server, {
        service,
        canOpenFiles: roots.length > 0,
        canOpenUrls: allowedHosts.length > 0,
        redact,
      });
      registerResources(server, service);
      return server;
    },
    resumeAll: () => service.resumeAll(),
    close: () => supervisor.close(),
  };
}
