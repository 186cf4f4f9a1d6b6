import { APICallError } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { AttemptTimeoutError, describeFailure, UselessReplyError } from './failure.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const failed = (statusCode: number | undefined, headers: Record<string, string> = {}) =>
  new APICallError({
    message: 'no',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    ...(statusCode === undefined ? { isRetryable: true } : { statusCode }),
    responseHeaders: headers,
  });

test.each([408, 409, 429, 500, 502, 503, 529])('status %i is tried again', (status) => {
  expect(describeFailure(failed(status), now)).toMatchObject({ retryable: true, status });
});

test.each([400, 401, 403, 404, 413, 422])('status %i is not', (status) => {
  expect(describeFailure(failed(status), now).retryable).toBe(false);
});

test.each([
  ['a body that is not JSON (status 200)', failed(200)],
  ['a lost connection', failed(undefined)],
  [
    'a reset socket below a wrapper',
    new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) }),
  ],
  ['fetch failed', new TypeError('fetch failed')],
  ['a body that ended early', new TypeError('terminated')],
  ['a time-out', new AttemptTimeoutError('no answer within 5 ms')],
  ['an empty reply', new UselessReplyError('empty')],
])('%s is tried again', (_name, error) => {
  expect(describeFailure(error, now).retryable).toBe(true);
});

test('a web page instead of a reply is a wrong address, not a failure to retry', () => {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  expect(describeFailure(failed(200, headers), now)).toMatchObject({
    retryable: false,
    isConfiguration: true,
  });
  // Gateways send their passing troubles as pages, too.
  expect(describeFailure(failed(502, headers), now).retryable).toBe(true);
});

test.each([new TypeError('x is not a function'), new Error('script exhausted'), 'text'])(
  'a bug is not a failure to retry: %s',
  (error) => {
    expect(describeFailure(error, now).retryable).toBe(false);
  },
);

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9000],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('Retry-After %j is %j ms', (headers, expected) => {
  expect(describeFailure(failed(429, headers as Record<string, string>), now).retryAfterMs).toBe(expected);
});

test.each([
  [401, 'no'],
  [403, 'no'],
  [404, 'The model `x` does not exist.'],
  [400, 'Model not found: x'],
  [400, 'invalid model ID'],
])('status %i (%s) is a mistake in the configuration', (statusCode, message) => {
  const error = new APICallError({ message, url: 'http://127.0.0.1/v1', requestBodyValues: {}, statusCode });
  expect(describeFailure(error, now)).toMatchObject({ retryable: false, isConfiguration: true });
});

test.each([
  [400, "This model's maximum context length is 8192 tokens."],
  [400, 'Unrecognized request argument: reasoning_effort'],
  [422, 'no'],
  [429, 'no'],
  [500, 'The model does not exist'],
])('status %i (%s) is none', (statusCode, message) => {
  const error = new APICallError({ message, url: 'http://127.0.0.1/v1', requestBodyValues: {}, statusCode });
  expect(describeFailure(error, now)).not.toHaveProperty('isConfiguration');
});
