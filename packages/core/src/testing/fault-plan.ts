/**
 * Which requests of the test server go wrong, and how. A seeded plan decides by a hash of the seed, the
 * request's body and how often that body has come before: so a run has the same faults whatever the order of
 * its concurrent requests, and a request that is made again succeeds after a while.
 */
import { createHash } from 'node:crypto';
import { MemagentError } from '../errors.ts';
import type { LoopbackStep } from './follow-prompt.ts';

/** What a server can do wrong; see docs/testing.md for what each looks like on the wire. */
export const faultKinds = [
  'rate-limit',
  'server-error',
  'hang',
  'reset',
  'empty',
  'malformed',
  'over-long',
  'reasoning',
  'reasoning-only',
  'refusal',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A seeded plan. */
export interface FaultRate {
  /** Share of faulty replies, 0 to 1. */
  rate: number;
  /** Kinds to draw from, equally likely. Default: all. */
  kinds?: readonly FaultKind[];
  /** Default: 0. */
  seed?: number;
  /** Only the first so many times that a body comes can go wrong, so that retries succeed. Default: 3. */
  faultyAttempts?: number;
}

/** `number` counts requests from 1, `attempt` how often this very body has come, from 1. */
export type FaultFunction = (number: number, attempt: number) => FaultKind | undefined;

export type FaultPlan = FaultRate | FaultFunction;

/** A fault that was decided on. `variant` (0 or 1) chooses between two forms where a kind has them. */
export interface Fault {
  kind: FaultKind;
  variant: number;
}

/** What is known of a request when its fault is decided. */
export interface FaultRequest {
  number: number;
  attempt: number;
  /** Digest of the body, see `bodyDigest`. */
  digest: string;
  /** What the prompt asks for; undefined when that is not known. */
  step: LoopbackStep | undefined;
}

export type FaultDecision = (request: FaultRequest) => Fault | undefined;

/** Identifies a request that is made again. */
export function bodyDigest(body: string): string {
  return createHash('sha256').update(body).digest('base64');
}

/** Makes the decision of a plan. Throws `invalid-option` for a plan that makes no sense. */
export function createFaultDecision(plan: FaultPlan): FaultDecision {
  if (typeof plan === 'function') {
    return ({ number, attempt }) => {
      const kind = plan(number, attempt);
      return kind && { kind, variant: (attempt - 1) % 2 };
    };
  }
  const { rate, kinds = faultKinds, seed = 0, faultyAttempts = 3 } = plan;
  const unknown = kinds.find((kind) => !faultKinds.includes(kind));
  if (!(rate >= 0 && rate <= 1) || kinds.length === 0 || unknown !== undefined) {
    throw new MemagentError(
      `Fault plan: received rate ${rate} and kinds [${kinds.join(', ')}]. Give a rate from 0 to 1 and at least one of: ${faultKinds.join(', ')}.`,
      { code: 'invalid-option', data: { rate, kinds } },
    );
  }
  // A client can cut a memory that is too long. An answer that is too long cannot be told from an answer.
  const otherKinds = kinds.filter((kind) => kind !== 'over-long');

  return ({ attempt, digest, step }) => {
    if (attempt > faultyAttempts) return undefined;
    const bytes = createHash('sha256').update(`${seed}/${attempt}/${digest}`).digest();
    if (bytes.readUInt32LE(0) / 2 ** 32 >= rate) return undefined;
    const candidates = step === 'update' || step === 'merge' ? kinds : otherKinds;
    const kind = candidates[bytes.readUInt32LE(4) % candidates.length];
    return kind && { kind, variant: bytes.readUInt8(8) % 2 };
  };
}
