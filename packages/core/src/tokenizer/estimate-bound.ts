/**
 * The most tokens that a text can have by a tokenizer of which only reports are known: how many tokens it made
 * of other texts.
 *
 * What a report says depends on how alike the two texts are. Nobody knows which part of a reported text its
 * tokens went to; so they are given to whatever the new text has most of, in comparison. A report on English
 * bounds the next page of English closely, and says nothing of Chinese, which stays at a token per byte until
 * a text with Chinese in it was reported on. (As a linear programme: each trait costs some tokens, 0 or more;
 * the costs explain the report; which of them make the new text dearest?)
 */
import type { Weight } from './weight.ts';

/** A text whose tokens are known to be at most so many. */
export interface KnownText {
  readonly weight: Weight;
  readonly tokens: number;
}

/** Whole texts can be explained by these alone; of the other traits a tokenizer makes a token each at most. */
const wholes = ['base', 'poor', 'ascii'] as const;

/** At most so many tokens, where nothing was reported: for any subword vocabulary of 8,000 tokens or more. */
export function boundOfUnknown(weight: Weight): number {
  const { digits = 0, spaces = 0 } = weight.traits ?? {};
  return Math.min(bytesIn(weight), Math.max(1.1 * weight.base + digits, 2 * amount(weight, 'poor') + spaces));
}

/** At most so many tokens, since `known` has so many. */
export function boundBy(known: KnownText, weight: Weight): number {
  // As many tokens as explain the known text, each put where it buys most in the new one.
  const choices = [];
  let free = 0;
  for (const name of namesOf(weight)) {
    const isWhole = (wholes as readonly string[]).includes(name);
    const here = amount(weight, name);
    const there = amount(known.weight, name);
    if (there > 0) choices.push({ ratio: here / there, most: isWhole ? Infinity : there });
    else if (!isWhole) free += here;
  }
  choices.sort((a, b) => b.ratio - a.ratio);
  let left = known.tokens;
  let tokens = free;
  for (const { ratio, most } of choices) {
    const spent = Math.min(left, most);
    tokens += spent * ratio;
    left -= spent;
  }
  // None is much better than o200k_base, whatever it is good at.
  return Math.min(bytesIn(weight), Math.max(tokens, weight.base));
}

/** Bytes of UTF-8: no tokenizer makes more tokens than these. */
export function bytesIn({ traits = {} }: Weight): number {
  let bytes = 0;
  for (const [name, count] of Object.entries(traits)) if (name !== 'poor') bytes += count;
  return bytes;
}

function namesOf({ traits = {} }: Weight): string[] {
  return ['base', ...Object.keys(traits)];
}

/** Both vocabularies merge runs of spaces in ways of their own, which never makes a text as good as nothing. */
function amount({ base, traits = {} }: Weight, name: string): number {
  if (name === 'base') return base;
  return name === 'poor' ? Math.max(traits['poor'] ?? 0, base / 2) : (traits[name] ?? 0);
}
