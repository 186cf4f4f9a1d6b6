/** A whole number of 1 or more; `8k` is 8,192 and `1m` is 1,048,576, as windows are counted. Undefined for others. */
export function parseCount(text: string): number | undefined {
  const match = /^(\d+)([km]?)$/i.exec(text.replaceAll(/[_,](?=\d{3})/g, ''));
  const unit = { k: 1024, m: 1_048_576 }[match?.[2]?.toLowerCase() ?? ''] ?? 1;
  const value = Number(match?.[1]) * unit;
  return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}
