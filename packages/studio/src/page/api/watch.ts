/** Watches a run: all of its events, and after a lost connection those that are still missing. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { StoredEvent } from '@memagent/core';
import { ApiError, call } from './client.ts';

export interface WatchOptions {
  /** Only events behind this one; asked again before each connection. */
  after: () => number;
  onEvent: (event: StoredEvent) => void;
  /** Whether events can come; false while the connection is lost and is tried again. */
  onConnection: (isConnected: boolean) => void;
  signal: AbortSignal;
}

const longestWaitMs = 10_000;

/** Resolves when nothing is left to come. Throws `ApiError` where trying again would not help. */
export async function watchRun(runId: string, options: WatchOptions): Promise<void> {
  const { after, onConnection, signal } = options;
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    const before = after();
    try {
      const response = await call(`/v1/runs/${runId}/events`, {
        headers: { 'last-event-id': String(before) },
        signal,
      });
      onConnection(true);
      if (response.status === 204 || !response.body) return;
      await readEvents(response.body, options);
      // A stream ends when the run does, or with its server: asked again, it goes on, or there is nothing left.
      if (after() > before) waitMs = 125;
      await wait(waitMs, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) throw error;
      if (after() > before) waitMs = 250;
      onConnection(false);
      await wait(waitMs, signal);
    }
  }
}

async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onEvent }: WatchOptions,
): Promise<void> {
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    onEvent(JSON.parse(read.value.data) as StoredEvent);
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
