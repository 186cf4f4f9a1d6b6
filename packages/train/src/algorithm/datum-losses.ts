/** The losses of a conversation's actions, and what a backend tells of them. */
import type { Datum, ForwardBackward, Loss } from '../backend/backend.ts';
import { type ActionLoss, actionLoss } from './action-loss.ts';

/** The loss of each action of a datum, whose present log-probabilities are `logprobs`. A missing one gives NaN. */
export function datumLosses(
  { actions, logprobs: oldLogprobs, referenceLogprobs, advantage, scale }: Datum<unknown>,
  logprobs: readonly number[],
  loss: Loss,
): ActionLoss[] {
  return actions.map((_, at) =>
    actionLoss(
      {
        logprob: logprobs[at] ?? Number.NaN,
        oldLogprob: oldLogprobs[at] ?? Number.NaN,
        referenceLogprob: referenceLogprobs?.[at],
        advantage,
        scale,
      },
      loss,
    ),
  );
}

/** Sums over actions; of the entropy, losses tell nothing. */
export function sumLosses(losses: readonly ActionLoss[]): Omit<ForwardBackward, 'entropy'> {
  const sum = { loss: 0, actions: losses.length, clipped: 0, kl: 0, drift: 0 };
  for (const { loss, isClipped, kl, drift } of losses) {
    sum.loss += loss;
    sum.clipped += isClipped ? 1 : 0;
    sum.kl += kl;
    sum.drift += drift;
  }
  return sum;
}
