/** What a text weighs before it is counted: sums of integers, so that parts may be added in any order. */
export interface Weight {
  /** Tokens, for tokenizers that are known; for the estimate, tokens of its closest relative. */
  readonly base: number;
  /** What else the estimate looks at, by name. */
  readonly traits?: Readonly<Record<string, number>>;
}

/** The weight of no text. */
export const noWeight: Weight = Object.freeze({ base: 0 });

/** What a text weighs that is made of `a` and `times` times `b`. */
export function addWeights(a: Weight, b: Weight, times = 1): Weight {
  const base = a.base + times * b.base;
  if (b.traits === undefined) return a.traits === undefined ? { base } : { base, traits: a.traits };
  const traits: Record<string, number> = { ...a.traits };
  for (const [name, amount] of Object.entries(b.traits)) traits[name] = (traits[name] ?? 0) + times * amount;
  return { base, traits };
}
