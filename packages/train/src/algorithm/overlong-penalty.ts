/**
 * DAPO's soft punishment of long output, from 0 to -1, for a conversation of `actions` sampled actions:
 *
 *     0                                  up to   maxActions - rampActions
 *     (maxActions - ramp - actions)/ramp from there to maxActions, falling linearly
 *     -1                                 above   maxActions
 *
 * A rollout's penalty is the mean over its conversations. It is added to the reward before the group's mean is
 * taken, and logged apart.
 */
export function overlongPenalty(
  actionsByConversation: readonly number[],
  { maxActions, rampActions }: { maxActions: number; rampActions: number },
): number {
  if (actionsByConversation.length === 0) return 0;
  const penalties = actionsByConversation.map((actions) => {
    const over = actions - (maxActions - rampActions);
    return over <= 0 ? 0 : -Math.min(1, over / rampActions);
  });
  return penalties.reduce((sum, penalty) => sum + penalty, 0) / penalties.length;
}
