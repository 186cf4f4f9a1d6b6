import { TinkerError } from '../errors.ts';
import type { Connection } from '../http/connection.ts';
import { attempt } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { reasonOf } from '../http/read-answer.ts';

const periodMs = 10_000;
const answerTimeoutMs = 10_000;

/**
 * Tells the server every 10 s that the client lives, until the signal aborts. A heartbeat that is not answered
 * is told and made up for by the next; resolves with an error when the server says that the session is over.
 */
export async function beat(
  connection: Connection,
  sessionId: string,
  signal: AbortSignal,
): Promise<TinkerError> {
  const { clock, emit } = connection;
  const request = {
    ...postJson('session_heartbeat', { session_id: sessionId }, { signal }),
    timeoutMs: answerTimeoutMs,
  };
  for (;;) {
    await clock.sleep(periodMs, signal, { background: true });
    const answer = await attempt(connection, request);
    if (answer instanceof Error) {
      emit({ type: 'heartbeat-missed', sessionId, reason: answer.message });
    } else if (answer.status === 404 || answer.status === 410) {
      return new TinkerError(
        'session-ended',
        `The server ended session ${sessionId} (${answer.status}): ${reasonOf(answer)}. Open a new one and go on from the last saved weights.`,
        { status: answer.status },
      );
    } else if (answer.status >= 300) {
      emit({ type: 'heartbeat-missed', sessionId, reason: `status ${answer.status}: ${reasonOf(answer)}` });
    }
  }
}
