import type { PassOutput } from './pass-output.ts';

/**
 * The result of a pass that went out in several requests. A metric says in its name how it adds up:
 * `loss:sum` is summed, `x:mean` weighted by the datums of each request. One that does not say is left out,
 * as is one that not every request has.
 */
export function combinePasses(passes: readonly PassOutput[]): PassOutput {
  const [first, ...rest] = passes;
  if (!first || rest.length === 0) return first ?? { outputType: '', outputs: [], metrics: {} };
  const weights = passes.map(({ outputs }) => outputs.length);
  const metrics: Record<string, number> = {};
  for (const name of Object.keys(first.metrics)) {
    const values = passes.map((pass) => pass.metrics[name]).filter((value) => value !== undefined);
    if (values.length < passes.length) continue;
    Object.assign(metrics, reduce(name, values, weights));
  }
  return { outputType: first.outputType, outputs: passes.flatMap(({ outputs }) => outputs), metrics };
}

function reduce(name: string, values: readonly number[], weights: readonly number[]): Record<string, number> {
  const sum = values.reduce((total, value) => total + value, 0);
  const count = weights.reduce((total, weight) => total + weight, 0);
  const mean =
    count > 0
      ? values.reduce((total, value, index) => total + value * weights[index]!, 0) / count
      : sum / values.length;
  switch (name.slice(name.lastIndexOf(':') + 1)) {
    case 'sum':
      return { [name]: sum };
    case 'mean':
      return { [name]: mean };
    case 'min':
      return { [name]: Math.min(...values) };
    case 'max':
      return { [name]: Math.max(...values) };
    case 'slack':
      return { [name]: Math.max(...values) - mean };
    case 'unique':
      return Object.fromEntries(
        values.map((value, index) => [index === 0 ? name : `${name}_${index + 1}`, value]),
      );
    default:
      return {};
  }
}
