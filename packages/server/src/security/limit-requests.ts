import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../http/server-error.ts';

/** Refuses requests beyond so many in flight. One that streams its reply is in flight until the stream ends. */
export function limitRequests(most: number): MiddlewareHandler {
  let inFlight = 0;
  return async (context, next) => {
    if (inFlight >= most) {
      context.header('retry-after', '1');
      throw new RequestError(
        429,
        'too_many_requests',
        `${inFlight} requests are in flight, as many as may be at once. Try again.`,
      );
    }
    inFlight += 1;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      inFlight -= 1;
    };
    try {
      await next();
    } catch (error) {
      end();
      throw error;
    }
    const { body } = context.res;
    if (body === null) return end();
    context.res = new Response(whenOver(body, end), context.res);
  };
}

/** The same stream; `end` is called when it has ended, failed, or been left. */
function whenOver(body: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
