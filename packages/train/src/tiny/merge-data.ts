/**
 * Joins data that differ in nothing but what they count for. The rollouts of a group read the same sections, mostly
 * with the same memory and the same reply, so most of a batch is repeated. For one sign of the advantage A the loss
 * of an action is linear in it (min(r A, clip(r) A) is A times a function of the ratio alone), so the sum over equal
 * data is the loss of one datum with the sum of the scales and the mean of the advantages:
 *
 *     { scale 0.1, A 0.5 } + { scale 0.1, A 0.25 }  ->  { scale 0.2, A 0.375 }, counted twice
 */
import type { Datum } from '../backend/backend.ts';
import type { TinyObservation } from './sample-batch.ts';

export interface MergedDatum extends Datum<TinyObservation> {
  /** How many data it stands for. */
  count: number;
}

/** One datum for each that is different, in the order in which they first came. */
export function mergeData(data: readonly Datum<TinyObservation>[]): MergedDatum[] {
  const merged = new Map<string, MergedDatum>();
  for (const datum of data) {
    const { observation, actions, logprobs, referenceLogprobs, temperature, advantage, scale } = datum;
    const key = [
      observation.join(),
      actions.join(),
      logprobs.join(),
      referenceLogprobs?.join() ?? '',
      temperature ?? 1,
      Math.sign(advantage),
    ].join(';');
    const known = merged.get(key);
    if (!known) {
      merged.set(key, { ...datum, count: 1 });
      continue;
    }
    const total = known.scale + scale;
    if (total !== 0) known.advantage = (known.scale * known.advantage + scale * advantage) / total;
    known.scale = total;
    known.count += 1;
  }
  return [...merged.values()];
}
