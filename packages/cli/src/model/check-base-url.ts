import { usageError } from '../usage-error.ts';

/** The URL without a slash at its end. Throws unless it is one of HTTP, without a key in it. */
export function checkBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `The base URL is ${JSON.stringify(text)}, which is no address of a server. Give one such as http://localhost:8000/v1.`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw usageError(
      `The base URL for ${url.host} holds a user name, a password or a query. Leave it out: put the key into an environment variable and name that with --api-key-env.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}
