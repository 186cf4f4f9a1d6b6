/** Calls to the server that this page came from. */
import { signal } from '@preact/signals';

/** What the server refused, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | null;
  /** The field of the request that is wrong. */
  readonly param: string | null;

  constructor(status: number, message: string, code: string | null = null, param: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

const storageKey = 'memagent-key';

/** Set when the server wants an API key that it was not given. */
export const isKeyWanted = signal(false);

/** Keeps the key for this tab alone. */
export function rememberKey(key: string): void {
  sessionStorage.setItem(storageKey, key);
  isKeyWanted.value = false;
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON, a form as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Calls the server. Throws `ApiError` for every reply that is no success. */
export async function call(
  path: string,
  { method = 'GET', body, headers, signal: abort }: CallOptions = {},
): Promise<Response> {
  const key = sessionStorage.getItem(storageKey);
  const isForm = body instanceof FormData;
  const response = await fetch(path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    ...(abort === undefined ? {} : { signal: abort }),
  }).catch((error: unknown) => {
    if (abort?.aborted) throw error;
    throw new ApiError(0, 'The server cannot be reached. Is it still running?', 'unreachable');
  });
  if (response.ok) return response;
  if (response.status === 401) isKeyWanted.value = true;
  throw await errorOf(response);
}

/** Calls the server and reads its reply as JSON. */
export async function callJson<Reply>(path: string, options?: CallOptions): Promise<Reply> {
  return (await call(path, options)).json() as Promise<Reply>;
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as {
      error: { message: string; code: string | null; param: string | null };
    };
    return new ApiError(response.status, error.message, error.code, error.param);
  } catch {
    return new ApiError(response.status, text || `The server answered ${response.status}.`);
  }
}

/** What to tell people of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
