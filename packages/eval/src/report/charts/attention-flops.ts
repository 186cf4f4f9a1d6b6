/**
 * How much a transformer computes, to compare reading in a window with reading all at once.
 *
 * One call over t tokens, prompt and completion together, costs
 *
 *     2 · P · t                      every token passes every weight once: a multiplication and an addition
 *   + 2 · L · w · t · (t + 1)        token i attends to i positions, in each of L layers over w values, for the
 *                                    scores and again for the weighted sum: 4 · L · w · i, summed over i = 1 … t
 *
 * with P weights outside the embedding table, L layers, and w = heads times values per head. Assumed: a dense
 * decoder, causal attention that skips what is masked, nothing reused between calls. Left out: softmax, norms,
 * the vocabulary's matrix, and the traffic of memory, which often decides about time. So this compares how work
 * grows; it does not predict seconds.
 */
export interface TransformerShape {
  name: string;
  /** Weights outside the embedding table. */
  weights: number;
  layers: number;
  /** Query heads times values per head. */
  attentionWidth: number;
}

/** The shape of Qwen2.5-14B, of which MemAgent-14B is made; from its published configuration. */
export const qwen14bShape: TransformerShape = Object.freeze({
  name: 'Qwen2.5-14B',
  weights: 13.1e9,
  layers: 48,
  attentionWidth: 40 * 128,
});

/** Floating point operations of one call. */
export function callFlops(tokens: number, { weights, layers, attentionWidth }: TransformerShape): number {
  return 2 * weights * tokens + 2 * layers * attentionWidth * tokens * (tokens + 1);
}

/**
 * Of a question that took some calls with so many tokens in all. Taken as calls of equal size, which is the least
 * that they can have cost; in a window of 8K tokens, attention's part is small, and so is the error.
 */
export function questionFlops(
  { calls, tokens }: { calls: number; tokens: number },
  shape: TransformerShape,
): number {
  return calls === 0 ? 0 : calls * callFlops(tokens / calls, shape);
}
