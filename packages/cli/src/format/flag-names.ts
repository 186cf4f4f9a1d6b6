/** Options of the library whose names stand in its messages, and that are flags here. */
const flags: Readonly<Record<string, string>> = {
  sectionTokens: '--section-tokens',
  memoryTokens: '--memory-tokens',
  outputTokens: '--output-tokens',
  questionTokens: '--question-tokens',
  overlapTokens: '--overlap-tokens',
  maxTokens: '--max-tokens',
  maxCost: '--max-cost',
  maxTimeMs: '--max-time',
  '(tokenizer)': '(--tokenizer)',
};

/** The library's message with its options called as on the command line; parts of paths and quoted texts stay. */
export function withFlagNames(message: string): string {
  return message.replaceAll(
    /(?<![\w./"-])(?:[a-z]+(?:Tokens|Cost|TimeMs)|\(tokenizer\))(?![\w/"-]|\.\w)/g,
    (name) => flags[name] ?? name,
  );
}
