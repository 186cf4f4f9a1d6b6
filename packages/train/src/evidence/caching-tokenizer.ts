import type { Tokenizer } from '@memagent/core';

/** Longer texts are counted anew each time. */
const longest = 1200;

/** The same counts, remembered: the rollouts of a group cut and weigh the same text again and again. */
export function createCachingTokenizer(tokenizer: Tokenizer, limit = 200_000): Tokenizer {
  const { parts } = tokenizer;
  return {
    name: tokenizer.name,
    exact: tokenizer.exact,
    count: remember((text) => tokenizer.count(text), limit),
    countPrompt: (messages) => tokenizer.countPrompt(messages),
    ...(parts
      ? { parts: { weigh: remember((part) => parts.weigh(part), limit), tokens: parts.tokens } }
      : {}),
  };
}

function remember<Result>(compute: (text: string) => Result, limit: number): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = compute(text);
    if (text.length > longest) return result;
    if (known.size >= limit) known.clear();
    known.set(text, result);
    return result;
  };
}
