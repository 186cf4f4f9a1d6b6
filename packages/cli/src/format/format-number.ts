/** Numbers as people read them. English throughout, whatever the machine's locale, so that output is stable. */
const grouped = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** 1234567 is `1,234,567`. */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** 61234 is `61.2K`. */
export function formatShort(value: number): string {
  return compact.format(value);
}

/** `1 section`, `1,200 sections`. */
export function formatQuantity(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** Money in a currency that is not known: two digits at least, more for small amounts. */
export function formatCost(value: number): string {
  return value === 0 || value >= 1 ? value.toFixed(2) : Number(value.toPrecision(2)).toFixed(places(value));
}

function places(value: number): number {
  return Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(value))));
}

/** Milliseconds as `850 ms`, `4.2 s`, `42 s`, `3m 20s`, `2h 05m`, `3d 04h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Milliseconds as `12s`, `5m`, `3h`, `8d`: how long ago something was. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
