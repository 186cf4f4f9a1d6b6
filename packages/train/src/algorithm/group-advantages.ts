/**
 * Advantages relative to a group (paper, and DAPO without the part that Dr. GRPO takes out):
 *
 *     A_i = R_i - mean(R_1..R_G)                      by default
 *     A_i = (R_i - mean) / (std + 1e-6)               with `stdDivision` (GRPO; std with G - 1)
 *
 * They are computed once for each rollout, before they are spread over its conversations: a rollout that read a
 * long document must not weigh more in its group's mean because it has more conversations.
 */
export function groupAdvantages(
  rewards: readonly number[],
  { stdDivision }: { stdDivision: boolean },
): number[] {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const centred = rewards.map((reward) => reward - mean);
  if (!stdDivision || rewards.length < 2) return centred;
  const variance = centred.reduce((sum, value) => sum + value * value, 0) / (rewards.length - 1);
  return centred.map((value) => value / (Math.sqrt(variance) + 1e-6));
}

/** Whether a group's rewards differ: one whose rewards are all equal has no advantage and teaches nothing. */
export function hasSignal(rewards: readonly number[]): boolean {
  return rewards.some((reward) => Math.abs(reward - (rewards[0] ?? 0)) > 1e-9);
}
