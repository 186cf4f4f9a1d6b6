/**
 * Which documents of the network a caller may name: those of hosts that are allowed by name, over HTTP, redirects
 * included. A name that leads to a private address is refused where the connection is made, so that a name server
 * cannot answer differently the second time.
 */
import { MemagentError, messageOf, type SourceSpec } from '@memagent/core';
import ipaddr from 'ipaddr.js';
import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { basename } from 'node:path';
import { Agent, fetch, type Response } from 'undici';

export interface UrlGateOptions {
  /**
   * `example.org` for the ports of http and https, `example.org:8080` for another one. An address may be private
   * if it is named itself, such as `10.0.0.5`.
   */
  allowedHosts: readonly string[];
  /** Most bytes of a document. Default 256 MiB. */
  maxBytes?: number;
  /** Default: the system's. */
  lookup?: Lookup;
}

/** Finds all addresses of a name, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface UrlGate {
  /**
   * The document at a URL, as a source whose text comes as it is read. Throws `invalid-option` if it is not allowed,
   * `source-unreadable` if it cannot be had, and the signal's reason if it aborts before the document begins to come.
   */
  open(url: string, signal?: AbortSignal): Promise<SourceSpec>;
}

const mostRedirects = 5;

/** Makes a gate. */
export function createUrlGate({
  allowedHosts,
  maxBytes = 256 * 1024 ** 2,
  lookup = dns.lookup,
}: UrlGateOptions): UrlGate {
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const dispatcher = new Agent({ connect: { lookup: publicLookup(lookup) } });

  function check(url: URL, given: string): void {
    const reason =
      url.protocol !== 'http:' && url.protocol !== 'https:'
        ? `${url.protocol} is not http or https`
        : url.username !== '' || url.password !== ''
          ? 'it holds a user name or password'
          : hosts.has(url.host)
            ? undefined
            : hosts.size === 0
              ? 'no host was allowed. Send the text itself, or have the server started with the host allowed'
              : `${url.host} is not one of the allowed hosts: ${[...hosts].join(', ')}`;
    if (reason !== undefined) throw refused(given, reason);
  }

  /** The reply to a URL, redirects followed. `signal` goes on to hold for its body. */
  async function request(given: string, signal: AbortSignal): Promise<{ url: URL; response: Response }> {
    let url = parse(given);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      check(url, given);
      const response = await fetch(url, { redirect: 'manual', dispatcher, signal });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return { url, response };
      await response.body?.cancel();
      url = parse(location, url);
    }
    throw unreadable(given, `it was redirected more than ${mostRedirects} times`);
  }

  return {
    async open(given, signal) {
      // The caller's signal is of the opening alone: a long document outlasts the call that named it.
      const opening = new AbortController();
      const onAbort = (): void => opening.abort(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        signal?.throwIfAborted();
        const { url, response } = await request(given, opening.signal);
        if (!response.ok || response.body === null) {
          await response.body?.cancel();
          throw unreadable(given, `the server answered with status ${response.status}`);
        }
        const [mediaType = '', charset] = (response.headers.get('content-type') ?? '').split(/;\s*charset=/i);
        return {
          // Taken at once: the body of a reply that is collected as garbage is cancelled unless somebody reads it.
          stream: atMost(response.body.values(), maxBytes, given),
          name: basename(url.pathname) || url.host,
          // What servers say of files that they do not know; the name and the beginning tell more.
          ...(mediaType === '' || mediaType === 'application/octet-stream' ? {} : { mediaType }),
          ...(charset === undefined ? {} : { encoding: charset.replaceAll('"', '') }),
        };
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw error instanceof MemagentError ? error : failed(given, error);
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

function parse(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url) return url;
  throw refused(text, 'it is no URL');
}

/** The lookup of a connection. An address that was named itself never comes here. */
function publicLookup(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const hidden = addresses.find(({ address }) => !isPublic(address));
      const [first] = addresses;
      if (hidden !== undefined || first === undefined) {
        const reason = hidden ? `leads to ${hidden.address}, which is private` : 'has no address';
        return callback(new PrivateAddressError(`${hostname} ${reason}`), '');
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

class PrivateAddressError extends Error {}

/** Neither private, nor of this machine or its link, nor kept for anything else. */
export function isPublic(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'unicast';
}

async function* atMost(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  url: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const block of body) {
    bytes += block.length;
    if (bytes > maxBytes) throw unreadable(url, `it is larger than the ${maxBytes} bytes that are allowed`);
    yield block;
  }
}

function refused(url: string, reason: string): MemagentError {
  return new MemagentError(`May not read ${JSON.stringify(url)}: ${reason}.`, {
    code: 'invalid-option',
    data: { url },
  });
}

function unreadable(url: string, reason: string, cause?: unknown): MemagentError {
  return new MemagentError(`Cannot read ${JSON.stringify(url)}: ${reason}.`, {
    code: 'source-unreadable',
    data: { url },
    cause,
  });
}

function failed(url: string, error: unknown): MemagentError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof PrivateAddressError
    ? refused(url, cause.message)
    : unreadable(url, messageOf(cause), error);
}
