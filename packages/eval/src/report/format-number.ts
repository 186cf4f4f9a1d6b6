/** Numbers as the report prints them: English, whatever the machine's locale. */
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** 1234567 is `1,234,567`. */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** Tokens with K = 1,024 and M = 1,048,576: `8K`, `3.5M`, `512`. */
export function formatTokens(value: number): string {
  if (value >= 2 ** 20) return `${short.format(value / 2 ** 20)}M`;
  return value >= 2 ** 10 ? `${short.format(value / 2 ** 10)}K` : short.format(value);
}

/** A share from 0 to 1 in per cent, without the sign: `83.6`. */
export function formatPercent(share: number): string {
  return (100 * share).toFixed(1);
}

/** Money in a currency that is not known, to four digits. */
export function formatCost(value: number): string {
  return precise.format(value);
}

/** Any positive number to three digits: `0.000123`, `4,560`. */
export function formatShort(value: number): string {
  return short.format(value);
}

/** Milliseconds as `850 ms`, `4.25 s`, `3.4 min`, `2.1 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${short.format(ms)} ms`;
  if (ms < 60_000) return `${short.format(ms / 1000)} s`;
  return ms < 3_600_000 ? `${short.format(ms / 60_000)} min` : `${short.format(ms / 3_600_000)} h`;
}
