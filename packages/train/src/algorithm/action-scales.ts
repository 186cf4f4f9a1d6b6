/**
 * How the losses of single actions become one number. |o_ij| actions were sampled in conversation j of rollout i;
 * all sums run over the rollouts that ONE optimiser step consumes, counted before its first backward pass:
 *
 *     token-mean          1 / N                 N = sum_i sum_j |o_ij|          (paper, DAPO)
 *     sequence-mean       1 / (R * n_i)         n_i = sum_j |o_ij|, R rollouts: the mean of rollouts' means
 *     conversation-mean   1 / (C * |o_ij|)      C conversations: the mean of conversations' means
 *
 * Because each action carries its final weight, a backend only adds up, in any number of calls.
 *
 * Worked example, two rollouts with conversations of [2, 3] and [5] actions: N = 10, so every action weighs 1/10
 * under token-mean; R = 2, so 1/10, 1/10 and 1/10 under sequence-mean as well; C = 3, so 1/6, 1/9 and 1/15 under
 * conversation-mean.
 */
export type Aggregation = 'token-mean' | 'sequence-mean' | 'conversation-mean';

/** The weight of an action, by rollout and conversation. `actions[i][j]` is |o_ij|; those without actions weigh 0. */
export function actionScales(actions: readonly (readonly number[])[], aggregation: Aggregation): number[][] {
  const perRollout = actions.map((rollout) => rollout.reduce((sum, count) => sum + count, 0));
  const total = perRollout.reduce((sum, count) => sum + count, 0);
  const rollouts = perRollout.filter((count) => count > 0).length;
  const conversations = actions.flat().filter((count) => count > 0).length;
  return actions.map((rollout, index) =>
    rollout.map((count) => {
      if (count === 0) return 0;
      switch (aggregation) {
        case 'token-mean':
          return 1 / total;
        case 'sequence-mean':
          return 1 / (rollouts * (perRollout[index] ?? 0));
        case 'conversation-mean':
          return 1 / (conversations * count);
        default:
          return aggregation satisfies never;
      }
    }),
  );
}
