import type { Datum } from '../data/datum.ts';
import type { WireLoss } from '../model/loss.ts';

/** A forward or forward-and-backward pass as it is sent. */
export interface PassRequest {
  readonly modelId: string;
  /** The place of the request among those of its model, from 1. */
  readonly seqId: number;
  readonly data: readonly Datum[];
  readonly loss: WireLoss;
  readonly forwardOnly: boolean;
}
