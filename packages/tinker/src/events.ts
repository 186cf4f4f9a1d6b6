import type { TinkerError } from './errors.ts';
import type { WireFormat } from './wire-format.ts';

/** Why a request waits on the server. */
export type QueueState = 'active' | 'paused_capacity' | 'paused_rate_limit';

/** What happens between a call and its result; told to `onEvent`, for logs and for people who wait. */
export type TinkerEvent =
  /** A request was not answered, or not usefully, and goes out again after `waitMs`. */
  | {
      readonly type: 'request-retry';
      readonly operation: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  /** The server took a request; its result is fetched under `requestId`. */
  | {
      readonly type: 'request-accepted';
      readonly operation: string;
      readonly requestId: string;
      readonly seqId: number | undefined;
    }
  /** The state of the server's queue for a request changed. */
  | {
      readonly type: 'queue-state';
      readonly operation: string;
      readonly requestId: string;
      readonly state: QueueState;
      readonly reason: string | undefined;
    }
  /** A sample's result was lost on the server and the sample is drawn again. */
  | { readonly type: 'sample-resubmitted'; readonly requestId: string; readonly attempt: number }
  /** The server reads this format of passes; settled at the first one. */
  | { readonly type: 'wire-format'; readonly format: WireFormat }
  /** A heartbeat was not answered; the server ends sessions that are silent for long. */
  | { readonly type: 'heartbeat-missed'; readonly sessionId: string; readonly reason: string }
  /** The server ended the session; its models are gone. */
  | { readonly type: 'session-ended'; readonly sessionId: string; readonly error: TinkerError }
  /** What the server wants people to read when a session starts. */
  | {
      readonly type: 'server-message';
      readonly level: 'info' | 'warning' | 'error';
      readonly message: string;
    };
