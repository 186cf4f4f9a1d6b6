import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

export interface PatientOptions {
  headers: Record<string, string>;
  /** A reply that takes longer than this begins before it is there. Default 20 s. */
  quietMs?: number;
  /** Hears why a reply failed that had begun. */
  onFailure: (error: unknown) => void;
}

/**
 * Answers with JSON that may take its time. Clients give a connection up on which nothing comes for some minutes; so
 * after a while the reply begins, with white space, which JSON may begin with. A reply that then fails cannot have
 * another status any more: its connection is closed. Throws what `result` throws before that.
 */
export async function patientJson(
  context: Context,
  result: Promise<unknown>,
  { headers, quietMs = 20_000, onFailure }: PatientOptions,
): Promise<Response> {
  const isLate = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<typeof isLate>((resolve) => {
    timer = setTimeout(() => resolve(isLate), quietMs);
  });
  const first = await Promise.race([result, patience]).finally(() => clearTimeout(timer));
  if (first !== isLate) return Response.json(first, { headers });

  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  let isLeft = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(encoder.encode('\n'));
      beat = setInterval(() => controller.enqueue(encoder.encode(' ')), quietMs);
      try {
        const text = JSON.stringify(await result);
        if (isLeft) return;
        controller.enqueue(encoder.encode(text));
        controller.close();
      } catch (error) {
        if (isLeft) return;
        onFailure(error);
        const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
        if (outgoing === undefined) controller.error(error);
        else outgoing.destroy();
      } finally {
        clearInterval(beat);
      }
    },
    cancel() {
      isLeft = true;
      clearInterval(beat);
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json', ...headers } });
}
