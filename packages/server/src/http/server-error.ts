import { type ErrorCode, MemagentError, messageOf } from '@memagent/core';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';

/** What the server itself refuses, with the status that it answers with. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: ContentfulStatusCode;
  /** For programs, as in OpenAI's `error.code`. */
  readonly code: string;
  /** The field of the request that is wrong. */
  readonly param: string | null;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    { param = null, cause }: { param?: string | null; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** An error as every endpoint answers it, in OpenAI's shape. */
export const errorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'Error' });

export type ErrorBody = z.output<typeof errorSchema>;

const statuses: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'invalid-option': 400,
  'invalid-template': 400,
  'invalid-tokenizer': 400,
  'source-unreadable': 400,
  'source-empty': 400,
  'source-binary': 400,
  'question-too-long': 400,
  'document-undecided': 400,
  'window-too-small': 400,
  'source-incomplete': 409,
  'source-changed': 409,
  'settings-changed': 409,
  'run-locked': 409,
  'run-finished': 409,
  'run-cancelled': 409,
  'run-not-found': 404,
  'limit-reached': 429,
  'model-failed': 502,
  'model-unavailable': 502,
  'output-exhausted': 502,
};

/** The status and body of anything that was thrown. What is not foreseen says nothing of the server's inside. */
export function describeError(error: unknown): { status: ContentfulStatusCode; body: ErrorBody } {
  if (error instanceof RequestError) {
    return describe(error.status, error.code, error.message, error.param);
  }
  if (error instanceof z.ZodError) {
    const param = error.issues[0]?.path.join('.') || null;
    return describe(400, 'invalid_request', z.prettifyError(error), param);
  }
  if (error instanceof MemagentError) {
    const option = error.data['option'];
    // A run's own limit is reached again when it is begun again; one of the server is not.
    const isOwnLimit = error.code === 'limit-reached' && !error.retryable;
    const status = isOwnLimit ? 400 : (statuses[error.code] ?? 500);
    return describe(status, error.code, error.message, typeof option === 'string' ? option : null);
  }
  if (error instanceof SyntaxError) {
    return describe(400, 'invalid_json', `The body is no JSON: ${messageOf(error)}`, null);
  }
  return describe(500, 'internal_error', 'The server failed. What went wrong is in its log.', null);
}

function describe(
  status: ContentfulStatusCode,
  code: string,
  message: string,
  param: string | null,
): { status: ContentfulStatusCode; body: ErrorBody } {
  return { status, body: { error: { message, type: typeOf(status), param, code } } };
}

/** OpenAI's names for kinds of errors, which its clients look at. */
function typeOf(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
