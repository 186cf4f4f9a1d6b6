/** The last step of the test server: a reply onto the wire, whole or broken in the way that was asked for. */
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { once } from 'node:events';
import { renderChunks, renderCompletion, type ChatReply } from './chat-completion.ts';
import type { ChatRequest } from './chat-request.ts';
import type { FaultKind } from './fault-plan.ts';

/** A request in Hono's hands, with the sockets of Node.js in reach. */
export type HttpContext = Context<{ Bindings: HttpBindings }>;

/** Answers a request with status 200, as a stream if it asked for one; broken if the fault is of that kind. */
export async function sendReply(
  c: HttpContext,
  { model, stream, includeUsage }: ChatRequest,
  reply: ChatReply,
  fault?: FaultKind,
): Promise<Response> {
  const events = stream ? renderChunks(model, reply, includeUsage) : undefined;
  const type = events ? 'text/event-stream' : 'application/json';
  if (fault === 'reset') {
    return resetInMidBody(c, type, Buffer.from(events?.join('') ?? renderCompletion(model, reply)));
  }
  if (!events) {
    const body = renderCompletion(model, reply);
    return c.body(fault === 'malformed' ? cutInHalf(body) : body, 200, { 'content-type': type });
  }
  const middle = Math.floor(events.length / 2);
  const sent =
    fault === 'malformed'
      ? events.map((event, index) => (index === middle ? `${cutInHalf(event)}\n\n` : event))
      : events;
  return c.body(streamOf(sent), 200, { 'content-type': type });
}

/** Never answers: resolves when the client has given up. */
export async function hang({ env: { outgoing } }: HttpContext): Promise<Response> {
  if (!outgoing.closed) await once(outgoing, 'close');
  return RESPONSE_ALREADY_SENT;
}

/** Promises the whole body, sends half of it and closes the connection. */
async function resetInMidBody(
  { env: { outgoing } }: HttpContext,
  type: string,
  body: Buffer,
): Promise<Response> {
  outgoing.writeHead(200, { 'content-type': type, 'content-length': body.length });
  await new Promise((flushed) => {
    outgoing.write(body.subarray(0, body.length / 2), flushed);
  });
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function cutInHalf(text: string): string {
  return text.slice(0, text.length / 2);
}

function streamOf(events: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = events.values();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = left.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}
