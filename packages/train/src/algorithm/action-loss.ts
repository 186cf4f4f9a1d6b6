/**
 * The losses of one action, with their derivative by its log-probability: the reference that backends are held
 * to, and all that a backend in plain TypeScript needs.
 */
import type { Loss } from '../backend/backend.ts';

export interface ScoredAction {
  /** log pi_theta, now. */
  logprob: number;
  /** log pi_old, at sampling. */
  oldLogprob: number;
  /** log pi_ref; unused without a KL term. */
  referenceLogprob?: number | undefined;
  advantage: number;
  scale: number;
}

export interface ActionLoss {
  loss: number;
  /** d loss / d logprob. */
  gradient: number;
  /** The clip took the surrogate's gradient away. */
  isClipped: boolean;
  /** k3 of the policy against the reference; 0 without one. */
  kl: number;
  /** k3 of pi_old against the policy; 0 under `cross-entropy`, where nothing was sampled. */
  drift: number;
}

/**
 * With r = pi_theta / pi_old:
 *
 *     clipped-surrogate   -scale * min(r A, clip(r, 1 - low, 1 + high) A) + scale * klWeight * k3(ref, theta)
 *     cross-entropy       -scale * A * log pi_theta
 *
 * The clip takes the gradient away where the action has become likely enough already (A > 0, r > 1 + high) or
 * unlikely enough (A < 0, r < 1 - low), and nowhere else.
 */
export function actionLoss(action: ScoredAction, loss: Loss): ActionLoss {
  const { logprob, oldLogprob, advantage, scale } = action;
  switch (loss.kind) {
    case 'cross-entropy':
      return {
        loss: -scale * advantage * logprob,
        gradient: -scale * advantage,
        isClipped: false,
        kl: 0,
        drift: 0,
      };
    case 'clipped-surrogate': {
      const ratio = Math.exp(logprob - oldLogprob);
      const isClipped =
        (advantage > 0 && ratio > 1 + loss.clipHigh) || (advantage < 0 && ratio < 1 - loss.clipLow);
      const clipped = Math.min(Math.max(ratio, 1 - loss.clipLow), 1 + loss.clipHigh);
      const surrogate = Math.min(ratio * advantage, clipped * advantage);
      const d = (action.referenceLogprob ?? logprob) - logprob;
      const kl = k3(d);
      return {
        loss: scale * (loss.klWeight * kl - surrogate),
        gradient: scale * (loss.klWeight * (1 - Math.exp(d)) - (isClipped ? 0 : ratio * advantage)),
        isClipped,
        kl,
        drift: k3(logprob - oldLogprob),
      };
    }
    default:
      return loss satisfies never;
  }
}

/**
 * Schulman's low-variance estimate of KL(p, q) from an action sampled from p: exp(d) - d - 1 with
 * d = log q - log p. Never negative.
 */
export function k3(d: number): number {
  return Math.expm1(d) - d;
}
