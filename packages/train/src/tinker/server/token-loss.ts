/**
 * The loss functions of the Tinker API, token by token, with their derivative by the token's log-probability. The
 * API sums over tokens; with r = exp(logprob - sampled logprob), A the advantage and w the weight (1 where none is
 * given):
 *
 *     cross_entropy         -w * logprob
 *     importance_sampling   -w * r * A
 *     ppo                   -w * min(r A, clip(r, low, high) A)        low, high are ratios: 0.8 and 1.2 by default
 *     cispo                 -w * stop_gradient(clip(r, low, high)) * A * logprob
 *     dro                   -w * (A * logprob - beta/2 * (logprob - sampled logprob)^2)
 *
 * Because the derivative is all that a backward pass needs, one compiled function serves all of them: cross-entropy
 * whose weights are the negated derivatives.
 */
import { MemagentError } from '@memagent/core';

/** A token with what the loss looks at. */
export interface ScoredToken {
  logprob: number;
  sampledLogprob: number;
  advantage: number;
  weight: number;
}

export interface TokenLoss {
  loss: number;
  /** d loss / d logprob. */
  gradient: number;
}

/** Computes the loss of one token. */
export type TokenLossFunction = (token: ScoredToken) => TokenLoss;

/** Names of the functions that the server computes. */
export const tokenLossNames = ['cross_entropy', 'importance_sampling', 'ppo', 'cispo', 'dro'] as const;

export type TokenLossName = (typeof tokenLossNames)[number];

const settingNames: Readonly<Record<TokenLossName, readonly string[]>> = {
  cross_entropy: [],
  importance_sampling: [],
  ppo: ['clip_low_threshold', 'clip_high_threshold'],
  cispo: ['clip_low_threshold', 'clip_high_threshold'],
  dro: ['beta'],
};

/** The loss function of that name. Throws `invalid-option` for a setting that it does not have, so that none is ignored. */
export function findTokenLoss(
  name: TokenLossName,
  settings: Readonly<Record<string, number | string>> = {},
): TokenLossFunction {
  const unknown = Object.keys(settings).filter((key) => !settingNames[name].includes(key));
  if (unknown.length > 0) {
    throw new MemagentError(
      `loss_fn_config of ${name} has ${unknown.join(', ')}; it takes ${settingNames[name].join(', ') || 'nothing'}.`,
      { code: 'invalid-option', data: { option: 'loss_fn_config' } },
    );
  }
  const numberOf = (key: string, fallback: number): number => {
    const value = settings[key] ?? fallback;
    if (typeof value === 'number') return value;
    throw new MemagentError(`loss_fn_config.${key} is ${JSON.stringify(value)}; it must be a number.`, {
      code: 'invalid-option',
      data: { option: 'loss_fn_config' },
    });
  };
  const [low, high] = [numberOf('clip_low_threshold', 0.8), numberOf('clip_high_threshold', 1.2)];
  const beta = numberOf('beta', 0.05);
  const clip = (ratio: number): number => Math.min(Math.max(ratio, low), high);
  switch (name) {
    case 'cross_entropy':
      return ({ logprob, weight }) => ({ loss: -weight * logprob, gradient: -weight });
    case 'importance_sampling':
      return (token) => {
        const gain = token.weight * ratioOf(token) * token.advantage;
        return { loss: -gain, gradient: -gain };
      };
    case 'ppo':
      return (token) => {
        const { weight, advantage } = token;
        const ratio = ratioOf(token);
        const isClipped = (advantage > 0 && ratio > high) || (advantage < 0 && ratio < low);
        const loss = -weight * Math.min(ratio * advantage, clip(ratio) * advantage);
        return { loss, gradient: isClipped ? 0 : -weight * ratio * advantage };
      };
    case 'cispo':
      return (token) => {
        const gain = token.weight * clip(ratioOf(token)) * token.advantage;
        return { loss: -gain * token.logprob, gradient: -gain };
      };
    case 'dro':
      return ({ logprob, sampledLogprob, advantage, weight }) => {
        const distance = logprob - sampledLogprob;
        return {
          loss: -weight * (advantage * logprob - (beta / 2) * distance * distance),
          gradient: -weight * (advantage - beta * distance),
        };
      };
    default:
      return name satisfies never;
  }
}

function ratioOf({ logprob, sampledLogprob }: ScoredToken): number {
  return Math.exp(logprob - sampledLogprob);
}
