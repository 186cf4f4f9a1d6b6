import { TinkerError } from '../errors.ts';

/** Bounds of the probability ratio, absolute: 0.8 and 1.28 for eps_low 0.2 and eps_high 0.28. */
export interface ClipThresholds {
  readonly clipLowThreshold?: number;
  readonly clipHighThreshold?: number;
}

/**
 * A loss function of the engine with its settings. Every loss is a sum over tokens: a mean is expressed in
 * the weights or advantages. `other` names one that a server has beyond these.
 */
export type Loss =
  | { readonly name: 'cross_entropy' }
  | { readonly name: 'importance_sampling' }
  | ({ readonly name: 'ppo' | 'cispo' | 'gspo' } & ClipThresholds)
  | { readonly name: 'dro'; readonly beta?: number }
  | {
      readonly name: 'other';
      readonly lossFn: string;
      readonly config?: Readonly<Record<string, number | string>>;
    };

/** A loss as the protocol writes it. */
export interface WireLoss {
  readonly lossFn: string;
  readonly config: Readonly<Record<string, number | string>> | undefined;
}

/** Checks a loss and writes it as the protocol does. Settings that are not given are left to the server. */
export function toWireLoss(loss: Loss): WireLoss {
  switch (loss.name) {
    case 'cross_entropy':
    case 'importance_sampling':
      return { lossFn: loss.name, config: undefined };
    case 'ppo':
    case 'cispo':
    case 'gspo':
      return {
        lossFn: loss.name,
        config: present({
          clip_low_threshold: inRange(loss.name, 'clipLowThreshold', loss.clipLowThreshold, 0, 1),
          clip_high_threshold: inRange(loss.name, 'clipHighThreshold', loss.clipHighThreshold, 1, Infinity),
        }),
      };
    case 'dro':
      return { lossFn: 'dro', config: present({ beta: inRange('dro', 'beta', loss.beta, 0, Infinity) }) };
    case 'other':
      return { lossFn: loss.lossFn, config: loss.config && present(loss.config) };
    default:
      throw new TinkerError(
        'bad-input',
        `Unknown loss ${JSON.stringify(loss satisfies never)}; use one of Loss`,
      );
  }
}

function inRange(loss: string, name: string, value: number | undefined, low: number, high: number) {
  if (value === undefined || (Number.isFinite(value) && value >= low && value <= high)) return value;
  throw new TinkerError(
    'bad-input',
    `${name} of ${loss} is ${value}; thresholds are absolute ratios, give one from ${low} to ${high}`,
  );
}

function present(config: Readonly<Record<string, number | string | undefined>>) {
  const given = Object.entries(config).filter(
    (entry): entry is [string, number | string] => entry[1] !== undefined,
  );
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
