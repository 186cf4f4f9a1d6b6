/**
 * An OpenAI-compatible server on this machine, for tests and benchmarks of everything that calls a model over
 * HTTP. It is no mock: it follows the reading prompts by extraction, counts tokens, holds a window, and goes
 * wrong in every way that real servers do, by plan. The same request always gets the same reply.
 */
import { serve, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemagentError } from '../errors.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { renderError } from './chat-completion.ts';
import { createChatEndpoint } from './chat-endpoint.ts';
import { createFaultDecision, type FaultPlan } from './fault-plan.ts';
import { createPromptFollower, type PromptFollower } from './follow-prompt.ts';
import { createLoopbackStats, type LoopbackRequest, type LoopbackStats } from './loopback-stats.ts';

export interface LoopbackServerOptions {
  /** The template that the client renders its prompts from. Default: the default template. */
  template?: PromptTemplate;
  /** Default: `o200k_base`. */
  tokenizer?: Tokenizer;
  /** Context length: a request whose prompt and `max_tokens` exceed it gets vLLM's error 400. Default: none. */
  window?: number;
  /** Reads only the last so many tokens of a prompt and reports only those, as Ollama does. Default: all. */
  promptCut?: number;
  /** Reports the prefix that a prompt shares with the one before it as cached. Default: false. */
  cache?: boolean;
  /** Time before each reply, in milliseconds. Default: 0. */
  latencyMs?: number;
  /** Names under which the model is served. Default: `loopback`. */
  models?: readonly string[];
  /** Required as a bearer token where given. */
  apiKey?: string;
  /** What goes wrong. Default: nothing. */
  faults?: FaultPlan;
  /** Seconds that a `rate-limit` fault asks to wait. Default: 1. */
  retryAfterSeconds?: number;
  /** The time in milliseconds, for a Retry-After that is a date. Default: `Date.now`. */
  now?: () => number;
  /**
   * For benchmarks of clients: the same 400 characters for every prompt, nothing counted, nothing recorded in
   * `requests`, no `usage` in replies. Not together with what needs counting.
   */
  echo?: boolean;
}

export interface LoopbackServer extends AsyncDisposable {
  /** For an OpenAI client: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  /** Every well-formed chat request so far, in order. */
  readonly requests: readonly LoopbackRequest[];
  readonly stats: Readonly<LoopbackStats>;
  /** Ends all connections. */
  close(): Promise<void>;
}

const echoText = 'The army is commanded by Kutuzov. [1]\n'.repeat(11).slice(0, 400);

/**
 * Starts the server on a free port of 127.0.0.1.
 *
 * @example
 * await using server = await startLoopbackServer({ faults: { rate: 0.2, seed: 7 } });
 * const model = createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl })('loopback');
 */
export async function startLoopbackServer(options: LoopbackServerOptions = {}): Promise<LoopbackServer> {
  const { echo = false, models = ['loopback'], window = Number.POSITIVE_INFINITY, apiKey } = options;
  const counting = (['template', 'tokenizer', 'window', 'promptCut', 'cache'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (echo && counting.length > 0) {
    throw new MemagentError(
      `Loopback server: received echo together with ${counting.join(', ')}. Leave those out: echo reads and counts nothing.`,
      { code: 'invalid-option', data: { counting } },
    );
  }
  const tokenizer = echo ? undefined : (options.tokenizer ?? (await createTiktokenTokenizer('o200k_base')));
  const stats = createLoopbackStats();
  const requests: LoopbackRequest[] = [];
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    if (apiKey !== undefined && c.req.header('authorization') !== `Bearer ${apiKey}`) {
      const body = renderError('Incorrect API key provided.', 'AuthenticationError', 401);
      return c.body(body, 401, { 'content-type': 'application/json' });
    }
    return next();
  });
  app.get('/v1/models', (c) => {
    const limit = Number.isFinite(window) ? { max_model_len: window } : {};
    const data = models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'memagent', ...limit }));
    return c.json({ object: 'list', data });
  });
  app.post(
    '/v1/chat/completions',
    createChatEndpoint({
      models,
      tokenizer,
      follow: tokenizer
        ? createPromptFollower(options.template ?? defaultTemplate, tokenizer)
        : followNothing,
      window,
      promptCut: options.promptCut ?? Number.POSITIVE_INFINITY,
      countCached: options.cache ?? false,
      latencyMs: options.latencyMs ?? 0,
      decideFault: options.faults && createFaultDecision(options.faults),
      retryAfterSeconds: options.retryAfterSeconds ?? 1,
      now: options.now ?? Date.now,
      stats,
      requests,
    }),
  );

  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { baseUrl: `http://127.0.0.1:${port}/v1`, requests, stats, close, [Symbol.asyncDispose]: close };
}

const followNothing: PromptFollower = () => ({ step: undefined, write: () => Promise.resolve(echoText) });
