import type { Sample } from '../documents/document-input.ts';
import type { Lookup } from '../documents/url-gate.ts';
import type { ServedModel } from '../models/served-model.ts';
import type { ServerEnv } from '../http/server-env.ts';
import type { Hono } from 'hono';

/** Limits of a server, each with its default. */
export interface ServerLimits {
  /** Most bytes of a request's body. Default 256 MiB. */
  maxBodyBytes?: number;
  /** Most requests in flight. Default 1,024. */
  maxRequests?: number;
  /** Most runs at work, of all callers together. Default 512. */
  maxRuns?: number;
  /** Most runs at work of one API key. Default 256. */
  maxRunsPerKey?: number;
  /** How long the runs of chats are kept after their end, in milliseconds. Default one day. */
  keepChatRunsMs?: number;
}

export interface ServerOptions extends ServerLimits {
  /** Folder of runs and uploaded files. */
  home: string;
  /** Served beside the readers that need no language model; the first is the default. */
  models?: readonly ServedModel[];
  /** Keys of which clients must send one. Default: everyone is served. */
  apiKeys?: readonly string[];
  /** Further names under which the server may be called, without ports; `*` for all. Default: this machine alone. */
  allowedHosts?: readonly string[];
  /** Other origins whose pages may use the server. */
  allowedOrigins?: readonly string[];
  /** Folders whose files clients may name as documents. Default: none. */
  roots?: readonly string[];
  /** Hosts whose documents clients may name by URL. Default: none. */
  urlHosts?: readonly string[];
  /** How names of hosts are looked up; default: the system's. */
  lookup?: Lookup;
  /** Documents to try the agent with. Default: those that come with the package. */
  samples?: readonly Sample[];
  /** What must never appear in a trace, a reply or a log, beside the API keys: the keys of the models' servers. */
  secrets?: readonly string[];
  /** Static pages under `/`, which no API key protects. Everything else comes before them. */
  pages?: Hono<ServerEnv>;
  /** Hears of each request (method, path, status, time) and of failures. Default: nobody does. */
  log?: (line: string) => void;
}
