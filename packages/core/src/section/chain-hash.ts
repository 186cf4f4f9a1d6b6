import { createHash } from 'node:crypto';

/**
 * The hash of all sections up to one, from the hash up to the section before (`''` for the first) and its text:
 * SHA-256 in hexadecimal. A document that changed anywhere before shows in every later hash.
 */
export function chainHash(previous: string, text: string): string {
  return createHash('sha256').update(previous).update('\n').update(text).digest('hex');
}
