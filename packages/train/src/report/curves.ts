/** Which curves of a run are drawn, in the order of the page. */
import type { StepMetrics } from '../trainer/metrics.ts';
import type { Measure } from './thin.ts';

export interface Curve {
  id: string;
  title: string;
  /** What is on the vertical axis. */
  axis: string;
  /** What the curve shows, in a sentence. */
  caption: string;
  /** A share from 0 to 1, drawn on an axis of 0 to 100%. */
  isShare?: boolean;
  /** Named in a legend where there are several, or where a name says more than the title. */
  lines: readonly { name: string; measure: Measure }[];
  hasLegend?: boolean;
}

/** Curves of supervised steps. */
export const warmUpCurves: readonly Curve[] = [
  {
    id: 'probability',
    title: 'Probability of the actions to learn',
    axis: 'probability %',
    caption: 'Geometric mean over the actions of the step’s demonstrations.',
    isShare: true,
    lines: [{ name: 'probability', measure: ({ reward }) => reward }],
  },
  { ...lossCurve(), caption: 'Mean negative log-probability of an action.' },
  gradientCurve(),
  rateCurve(),
];

/** Curves of reinforcement learning that these steps have something to show for. */
export function trainingCurves(metrics: readonly StepMetrics[]): Curve[] {
  const parts = (of: (step: StepMetrics) => Readonly<Record<string, number>>): Curve['lines'] =>
    [...new Set(metrics.flatMap((step) => Object.keys(of(step))))].map((name) => ({
      name,
      measure: (step) => of(step)[name],
    }));
  const curves: Curve[] = [
    {
      id: 'reward',
      title: 'Reward',
      axis: 'reward %',
      caption:
        'Mean task reward of all rollouts sampled in the step, before groups are dropped and without penalties.',
      isShare: true,
      lines: [{ name: 'reward', measure: ({ reward }) => reward }],
    },
    {
      id: 'groups',
      title: 'Groups kept',
      axis: 'groups %',
      caption: 'Groups whose rewards differ, of those that were drawn; the others have no gradient.',
      isShare: true,
      lines: [{ name: 'kept', measure: ({ groupsKept, groupsDrawn }) => groupsKept / groupsDrawn }],
    },
    {
      id: 'length',
      title: 'Length',
      axis: 'actions',
      caption: 'Sampled actions of a conversation, the end included.',
      lines: [{ name: 'actions', measure: (step) => step.actionsPerConversation }],
    },
    {
      id: 'entropy',
      title: 'Entropy',
      axis: 'nats',
      caption: 'Mean entropy of the policy over the sampled actions.',
      lines: [{ name: 'entropy', measure: whereTrained(({ entropy }) => entropy) }],
    },
    {
      id: 'clipped',
      title: 'Clip fraction',
      axis: 'actions %',
      caption: 'Actions whose gradient the clip took away.',
      isShare: true,
      lines: [{ name: 'clipped', measure: whereTrained(({ clipFraction }) => clipFraction) }],
    },
    {
      id: 'divergence',
      title: 'Divergence',
      axis: 'nats',
      caption:
        'Mean k3 estimates: KL against the frozen reference (0 without one), drift of the sampling policy from the trained one.',
      lines: [
        { name: 'KL', measure: whereTrained(({ kl }) => kl) },
        { name: 'drift', measure: whereTrained(({ drift }) => drift) },
      ],
    },
    {
      id: 'staleness',
      title: 'Staleness',
      axis: 'optimiser steps',
      caption:
        'Optimiser steps by which the groups lay behind the weights when they were trained on: the mean, and the oldest.',
      hasLegend: true,
      lines: metrics.some(({ staleness }) => meanAge(staleness) > 0)
        ? [
            { name: 'mean', measure: ({ staleness }) => meanAge(staleness) },
            {
              name: 'oldest',
              measure: ({ staleness = {} }) => Math.max(0, ...Object.keys(staleness).map(Number)),
            },
          ]
        : [],
    },
    gradientCurve(),
    { ...lossCurve(), caption: 'The clipped surrogate, as it is descended; its level says little.' },
    {
      id: 'parts',
      title: 'Shaped rewards and penalties',
      axis: 'reward',
      caption: 'Means of what is added to the task reward before advantages are taken.',
      hasLegend: true,
      lines: [...parts(({ shaped }) => shaped), ...parts(({ penalties }) => penalties)],
    },
    {
      id: 'failures',
      title: 'Failed rollouts',
      axis: 'rollouts',
      caption: 'Rollouts whose run failed: reward 0, and not trained on.',
      lines: metrics.some(({ rolloutsFailed }) => rolloutsFailed > 0)
        ? [{ name: 'failed', measure: ({ rolloutsFailed }) => rolloutsFailed }]
        : [],
    },
    rateCurve(),
    {
      id: 'speed',
      title: 'Speed',
      axis: 'tokens/s',
      caption: 'Tokens of documents read and actions sampled, per second of the step.',
      lines: [{ name: 'speed', measure: ({ tokensPerSecond }) => tokensPerSecond }],
    },
  ];
  return curves.filter(({ lines }) => lines.length > 0);
}

function lossCurve(): Omit<Curve, 'caption'> {
  return {
    id: 'loss',
    title: 'Loss',
    axis: 'loss',
    lines: [{ name: 'loss', measure: whereTrained(({ loss }) => loss) }],
  };
}

function gradientCurve(): Curve {
  return {
    id: 'gradient',
    title: 'Gradient norm',
    axis: 'norm',
    caption: 'Global norm before clipping, mean over the step’s optimiser steps.',
    lines: [{ name: 'norm', measure: whereTrained(({ gradientNorm }) => gradientNorm) }],
  };
}

function rateCurve(): Curve {
  return {
    id: 'rate',
    title: 'Learning rate',
    axis: 'learning rate',
    caption: 'After the schedule.',
    lines: [{ name: 'rate', measure: ({ learningRate }) => learningRate }],
  };
}

/** Of a step's groups; 0 where there are none, or where the run is older than this measure. */
function meanAge(staleness: StepMetrics['staleness'] = {}): number {
  const ages = Object.entries(staleness);
  const groups = ages.reduce((sum, [, count]) => sum + count, 0);
  return groups === 0 ? 0 : ages.reduce((sum, [age, count]) => sum + Number(age) * count, 0) / groups;
}

/** A step without a single group to train on has zeros, not measurements. */
function whereTrained(measure: Measure): Measure {
  return (step) => (step.phase === 'rl' && step.groupsKept === 0 ? undefined : measure(step));
}
