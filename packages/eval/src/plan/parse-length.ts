/** Tokens of `8192`, `8k` (1,024 each) or `1m` (1,048,576 each); undefined for anything else. */
export function parseLength(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = { '': 1, k: 1024, m: 1_048_576 }[match[2]!.toLowerCase()] ?? 1;
  const tokens = Number(match[1]) * unit;
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : undefined;
}
