import type { ServerResponse } from 'node:http';
import type { LoopbackStep } from './follow-prompt.ts';
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { faultKinds, type Fault, type FaultKind } from './fault-plan.ts';

/** A chat request as the test server understood it. */
export interface LoopbackRequest {
  /** Counts chat requests from 1. */
  number: number;
  /** How often this very body has come, from 1. */
  attempt: number;
  /** The whole body: sampling settings and the like. */
  body: unknown;
  messages: readonly PromptMessage[];
  /** The whole prompt by the server's tokenizer, before any cut. */
  promptTokens: number;
  maxTokens: number | undefined;
  /** The step that it was recognised as; undefined for a prompt that the template did not make. */
  step: LoopbackStep | undefined;
  /** What went wrong by plan. */
  fault: FaultKind | undefined;
}

/** Counts since the server started. */
export interface LoopbackStats {
  /** Chat requests, refused ones included. */
  requests: number;
  /** Faults made, by kind. */
  faults: Record<FaultKind, number>;
  /** Tokens of the longest prompt. */
  maxPromptTokens: number;
  /** Requests refused because prompt and `max_tokens` did not fit the window. */
  overWindow: number;
  /** Requests whose client went away before the reply was complete. */
  aborted: number;
  /** Chat requests in flight, and the most there ever were. */
  concurrent: number;
  concurrentPeak: number;
}

export function createLoopbackStats(): LoopbackStats {
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  return {
    requests: 0,
    faults,
    maxPromptTokens: 0,
    overWindow: 0,
    aborted: 0,
    concurrent: 0,
    concurrentPeak: 0,
  };
}

/** A chat request in flight. */
export interface TrackedRequest {
  number: number;
  /** What is about to go wrong by plan, once it is decided. */
  fault: Fault | undefined;
}

/** Counts a request in, and out when its reply or its connection has ended. */
export function trackRequest(stats: LoopbackStats, outgoing: ServerResponse): TrackedRequest {
  stats.requests += 1;
  stats.concurrent += 1;
  stats.concurrentPeak = Math.max(stats.concurrentPeak, stats.concurrent);
  const tracked: TrackedRequest = { number: stats.requests, fault: undefined };
  outgoing.once('close', () => {
    stats.concurrent -= 1;
    // A reset by plan is the server's doing.
    if (!outgoing.writableFinished && tracked.fault?.kind !== 'reset') stats.aborted += 1;
  });
  return tracked;
}
