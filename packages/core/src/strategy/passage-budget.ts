import { passageTokens } from '../prompt/evidence.ts';
import type { WindowPlan } from '../window/window-plan.ts';

/** Size of the pieces that strategies choose from: so small that little of the window stays unused. */
export function pieceTokensOf({ evidenceTokens }: WindowPlan): number {
  return Math.max(64, Math.floor(evidenceTokens / 16));
}

/** Most tokens that the chosen pieces of a document have with their tags. No piece but the last is under half its size. */
export function mostPassageTokens(documentTokens: number, window: WindowPlan): number {
  const pieces = Math.ceil((2 * documentTokens) / pieceTokensOf(window)) + 1;
  return Math.min(documentTokens + pieces * passageTokens, window.evidenceTokens);
}
