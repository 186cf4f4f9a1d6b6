import { MemagentError } from '@memagent/core';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** Throws `invalid-option` where others than this machine could call without a key. */
export function requireSafeAddress(host: string, apiKeys: readonly string[]): void {
  if (isLoopback(host) || apiKeys.length > 0) return;
  throw new MemagentError(
    `Will not listen on ${host} without an API key: anyone who reaches this machine could read with it. Give a key (--api-key-env NAME), or listen on 127.0.0.1.`,
    { code: 'invalid-option', data: { host } },
  );
}
