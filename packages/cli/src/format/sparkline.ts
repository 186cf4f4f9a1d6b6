const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Numbers from 0 to 1 as a row of at most `width` blocks, each the mean of as many neighbours as it takes. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const mean = values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
    return blocks[Math.min(blocks.length - 1, Math.max(0, Math.floor(mean * blocks.length)))];
  }).join('');
}
