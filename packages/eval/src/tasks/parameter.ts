/** What can be set about a task, described so that a preset, a file or a form can show and check it. */
import { MemagentError } from '@memagent/core';

/** A value as files and forms give it; which kinds a parameter takes, it says itself. */
export type ParameterValue = number | string | boolean;

export type Parameter =
  /** Whole numbers only, unless it says otherwise. */
  | { default: number; least: number; most: number; fractions?: true; description: string }
  | { default: string; choices: readonly string[]; description: string };

export type Parameters = Readonly<Record<string, Parameter>>;

/** The values of all parameters of a task. */
export type ParameterValues<P extends Parameters> = { readonly [Name in keyof P]: P[Name]['default'] };

/** The defaults with what was given. Throws `invalid-option` for an unknown name or a value out of range. */
export function readParameters<P extends Parameters>(
  task: string,
  parameters: P,
  given: Readonly<Record<string, ParameterValue>> = {},
): ParameterValues<P> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) {
    const known = Object.keys(parameters).join(', ') || 'none';
    throw invalid(task, `has no parameter ${JSON.stringify(unknown)}. Its parameters: ${known}.`);
  }
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const value = given[name] ?? parameter.default;
    if (!isAllowed(parameter, value)) {
      const received = JSON.stringify(value);
      throw invalid(task, `cannot take ${received} for ${name}. Give ${rangeOf(parameter)}.`);
    }
    return [name, value];
  });
  return Object.fromEntries(values) as ParameterValues<P>;
}

function isAllowed(parameter: Parameter, value: ParameterValue): boolean {
  if ('choices' in parameter) return parameter.choices.includes(String(value));
  if (typeof value !== 'number' || !(parameter.fractions || Number.isInteger(value))) return false;
  return value >= parameter.least && value <= parameter.most;
}

function rangeOf(parameter: Parameter): string {
  return 'choices' in parameter
    ? parameter.choices.join(' or ')
    : `a ${parameter.fractions ? '' : 'whole '}number from ${parameter.least} to ${parameter.most}`;
}

function invalid(task: string, problem: string): MemagentError {
  return new MemagentError(`Task ${task} ${problem}`, { code: 'invalid-option', data: { task } });
}
