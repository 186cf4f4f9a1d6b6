/**
 * Every error that memagent throws by itself. Callers switch on `code`; the message names the operation,
 * what was received and what to do. A caller's abort is never wrapped: it surfaces as the signal's reason.
 */

/** What went wrong, as a closed set. */
export type ErrorCode =
  | 'invalid-option'
  | 'invalid-template'
  | 'invalid-tokenizer'
  | 'source-unreadable'
  | 'source-empty'
  | 'source-binary'
  | 'source-incomplete'
  | 'source-changed'
  | 'settings-changed'
  | 'question-too-long'
  /** Nothing tells document and question apart in the messages of a chat. */
  | 'document-undecided'
  | 'window-too-small'
  | 'window-exceeded'
  | 'model-failed'
  | 'model-unavailable'
  | 'output-exhausted'
  /** The model's replies do not follow the schema, although it was told what is wrong with them. */
  | 'invalid-reply'
  | 'limit-reached'
  | 'run-locked'
  | 'run-not-found'
  | 'run-finished'
  /** It was given up for good. */
  | 'run-cancelled'
  | 'store-failed'
  | 'script-exhausted'
  /** Training: a loss, gradient, weight, reward or probability is NaN or infinite. */
  | 'not-finite'
  /** Training: a checkpoint is incomplete, damaged, or of another model. */
  | 'bad-checkpoint'
  /** Training: the remote engine is gone, or was started anew and has forgotten the model. */
  | 'engine-lost'
  /** Not foreseen: a bug of ours or of a reader, strategy or model that was handed in. `cause` has it. */
  | 'unexpected';

/** Options of {@link MemagentError}: everything but the message. */
export interface MemagentErrorOptions {
  code: ErrorCode;
  /** Whether the same call can succeed when it is made again, unchanged. */
  retryable?: boolean;
  /** Whether the run can be continued with `resume`. */
  resumable?: boolean;
  /** Facts for programs: numbers, names, identifiers. Never secrets. */
  data?: Record<string, unknown>;
  cause?: unknown;
}

/** The base class of all errors thrown by memagent. */
export class MemagentError extends Error {
  override readonly name: string = 'MemagentError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly resumable: boolean;
  readonly data: Record<string, unknown>;

  constructor(
    message: string,
    { code, retryable = false, resumable = false, data = {}, cause }: MemagentErrorOptions,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    this.resumable = resumable;
    this.data = data;
  }
}

/** A run stopped before its answer and can be continued: `data.runId` names it, `cause` says why. */
export class RunStoppedError extends MemagentError {
  override readonly name = 'RunStoppedError';
  readonly runId: string;

  constructor(message: string, options: MemagentErrorOptions & { runId: string }) {
    super(message, { ...options, resumable: true, data: { ...options.data, runId: options.runId } });
    this.runId = options.runId;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
