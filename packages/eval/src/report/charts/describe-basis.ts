import { formatCount } from '../format-number.ts';
import type { Basis } from '../measure.ts';
import { formatSeeds } from '../tables/measure-cells.ts';

/** What the points of a chart rest on: `n = 20 per point, 3 failed and count as 0, seed 42`. */
export function describeBasis(points: readonly Basis[]): string {
  const sizes = points.map(({ n }) => n);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const failures = points.reduce((sum, point) => sum + point.failures, 0);
  const seeds = [...new Set(points.flatMap((point) => point.seeds))];
  return [
    `n = ${formatCount(least)}${least === most ? '' : ` to ${formatCount(most)}`} per point`,
    failures === 0 ? 'none failed' : `${formatCount(failures)} failed and count as 0`,
    seeds.length === 0 ? 'no seed' : `seed ${formatSeeds(seeds)}`,
  ].join(', ');
}
