import { TinkerError } from '../errors.ts';
import type { HttpAnswer } from './http-request.ts';
import { reasonOf } from './read-answer.ts';

/** Whether the same request may be answered later. A 400 without a body comes from a proxy, not from the server. */
export const isBusy = ({ status, body }: HttpAnswer): boolean =>
  status === 408 ||
  status === 425 ||
  status === 429 ||
  status >= 500 ||
  (status === 400 && body.byteLength === 0);

/** The error of an answer that will not change. */
export function refusal(operation: string, answer: HttpAnswer, attempts = 1): TinkerError {
  const { status } = answer;
  const said = `The server refused ${operation} (${status}): ${reasonOf(answer)}`;
  const elsewhere = status < 400 && answer.headers.get('location');
  if (elsewhere)
    return new TinkerError(
      'refused',
      `The server sends ${operation} to ${elsewhere} (${status}). Give that server's address as baseUrl.`,
      { status, attempts },
    );
  if (status === 401) return new TinkerError('unauthorized', `${said}. Give a valid apiKey.`, { status });
  if (status === 402 || status === 403)
    return new TinkerError('unauthorized', `${said}. Check what the account of the apiKey may do.`, {
      status,
    });
  return new TinkerError('refused', said, { status, attempts });
}

/** How long the server asks to wait, in ms; 0 if it does not say, and never more than a minute. */
export function wishedWaitMs(headers: Headers): number {
  const wish =
    Number(headers.get('retry-after-ms') ?? Number.NaN) || Number(headers.get('retry-after')) * 1000;
  return Number.isFinite(wish) && wish > 0 ? Math.min(wish, 60_000) : 0;
}
