/**
 * A straight line through measurements that span orders of magnitude. It minimises the sum of squared relative
 * errors, (fitted / measured - 1)²: with absolute ones the longest document alone would decide.
 */
export interface LinearFit {
  intercept: number;
  slope: number;
  /** The greatest relative error, as a share. */
  worst: number;
}

/** Undefined unless there are three lengths at least: two points are on a line whatever they are. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): LinearFit | undefined {
  const positive = points.filter(([, y]) => y > 0);
  if (new Set(positive.map(([x]) => x)).size < 3) return undefined;
  // Least squares of intercept / y + slope * x / y to 1, by the normal equations.
  let uu = 0;
  let uv = 0;
  let vv = 0;
  let u1 = 0;
  let v1 = 0;
  for (const [x, y] of positive) {
    const u = 1 / y;
    const v = x / y;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    u1 += u;
    v1 += v;
  }
  const determinant = uu * vv - uv * uv;
  const intercept = (u1 * vv - v1 * uv) / determinant;
  const slope = (v1 * uu - u1 * uv) / determinant;
  const worst = Math.max(...positive.map(([x, y]) => Math.abs((intercept + slope * x) / y - 1)));
  return { intercept, slope, worst };
}
