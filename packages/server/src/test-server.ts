/** For tests: the server in this process, with a home of its own and a model behind the loopback server. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServedModel } from './models/served-model.ts';
import { createServerApp, type ServerApp } from './server/create-server-app.ts';
import type { ServerOptions } from './server/server-options.ts';

export interface TestServer extends ServerApp, AsyncDisposable {
  home: string;
  /** Calls the server as a client on this machine does; `body` goes as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same, and reads the reply as JSON, whatever its status. */
  json<Reply = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** The model `loopback` of a server such as the one for tests. */
export function loopbackModel(baseUrl: string, reading: ServedModel['reading'] = {}): ServedModel {
  const model = createOpenAICompatible({ name: 'loopback', baseURL: baseUrl })('loopback');
  return {
    id: 'memagent/loopback',
    description: 'The model of the tests.',
    reading: { model, tokenizer: 'o200k_base', ...reading },
    upstream: { model: 'loopback', baseUrl },
  };
}

/** Makes the server in a new folder, or in one that another server used before. */
export async function createTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const isOwn = options.home === undefined;
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'memagent-server-')));
  const server = createServerApp({ ...options, home });
  const call: TestServer['call'] = async (method, path, body, headers = {}) =>
    server.app.request(`http://localhost${path}`, {
      method,
      headers: {
        host: 'localhost',
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  return {
    ...server,
    home,
    call,
    json: async (method, path, body) => (await call(method, path, body)).json() as never,
    async [Symbol.asyncDispose]() {
      await server.close();
      if (isOwn) await rm(home, { recursive: true, force: true });
    },
  };
}

/** The events of a stream of server-sent events, up to its end or to the one that `until` picks. */
export async function readEvents(
  response: Response,
  until: (event: SentEvent) => boolean = () => false,
): Promise<SentEvent[]> {
  const events: SentEvent[] = [];
  let rest = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const blocks = (rest + read.value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      events.push(event);
      if (until(event)) {
        await reader?.cancel();
        return events;
      }
    }
  }
  return events;
}

export interface SentEvent {
  id?: string;
  event?: string;
  data?: string;
  comment?: string;
}

function parseEvent(block: string): SentEvent {
  const event: SentEvent = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    const field = name === '' ? 'comment' : (name as 'id' | 'event' | 'data');
    event[field] = event[field] === undefined ? value : `${event[field]}\n${value}`;
  }
  return event;
}

const builder = 'The lighthouse at Cape Brenn was built by Ada Holm in the year 1874.';

/** Answered by the sample text. */
export const sampleQuestion = 'Who built the lighthouse at Cape Brenn?';

/** A text of some 45 tokens in each of its paragraphs, one of which answers the question. */
export function sampleText(paragraphs = 12): string {
  const filler = Array.from(
    { length: paragraphs },
    (_, index) =>
      `On day ${index + 1} the keepers counted ${17 * index + 3} barrels of oil in the eastern store, mended two ropes, and wrote in the book that the wind came from the south. Nobody visited them.`,
  );
  return filler.toSpliced(Math.floor(paragraphs / 3), 0, builder).join('\n\n');
}
