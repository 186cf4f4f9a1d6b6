/** Server-sent events over whatever is iterated. */

/** One event on the wire. `id` is what a client sends back as Last-Event-ID. */
export interface ServerSentEvent {
  id?: string;
  event?: string;
  /** Sent as JSON, but a string as it is. */
  data: unknown;
}

export interface EventStreamOptions {
  /** Ends with the client's connection. */
  signal: AbortSignal;
  /** A comment goes out after so long without an event, so that nobody on the way gives the connection up. Default 15 s. */
  heartbeatMs?: number;
  headers?: Record<string, string>;
}

const encoder = new TextEncoder();

/**
 * Answers with a stream of events, or of comments where strings are iterated. `open` is called with a signal that
 * aborts when the client leaves. What it throws ends the stream; whoever has something to say of it says so before.
 */
export function eventStream(
  open: (signal: AbortSignal) => AsyncIterable<ServerSentEvent | string>,
  { signal, heartbeatMs = 15_000, headers = {} }: EventStreamOptions,
): Response {
  const leaving = new AbortController();
  const iterator = open(AbortSignal.any([signal, leaving.signal]))[Symbol.asyncIterator]();
  let heartbeat: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      heartbeat = setInterval(() => {
        // Only where the client keeps up: to one that does not, silence is its own doing.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': \n\n'));
      }, heartbeatMs);
      heartbeat.unref();
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (!done) return controller.enqueue(encoder.encode(render(value)));
        clearInterval(heartbeat);
        controller.close();
      } catch (error) {
        clearInterval(heartbeat);
        controller.error(error);
      }
    },
    async cancel(reason) {
      clearInterval(heartbeat);
      leaving.abort(reason);
      await iterator.return?.().catch(() => {});
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...headers,
    },
  });
}

/** The same events; a failure is told by an event of its own, unless the client has left. */
export async function* untilFailure(
  events: AsyncIterable<ServerSentEvent | string>,
  failure: (error: unknown) => ServerSentEvent,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent | string> {
  try {
    yield* events;
  } catch (error) {
    if (!signal.aborted) yield failure(error);
  }
}

function render(event: ServerSentEvent | string): string {
  if (typeof event === 'string') return `${event.replaceAll(/^/gm, ': ')}\n\n`;
  const { id, event: type, data } = event;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...text.split('\n').map((line) => `data: ${line}`),
  ];
  return `${lines.join('\n')}\n\n`;
}
